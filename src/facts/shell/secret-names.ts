const SECRET = /(?:^|_)(?:pass|passwd|password|passphrase|pwd|secret|token|api_?key|access_?key|private_?key|signing_?key|encryption_?key|credentials?|pat)s?(?:_|$)/i;
const NO_SECRET = /(?:_file|_path|_dir|_name|_id|_arn|_ref|_count|_len|_url|_type|_expiry|_ttl)$|public_key|^(?:OLD)?PWD$/i;

/** Whether a variable's name says that it holds a credential. Names of files, identifiers and counts of credentials do not. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name) && !NO_SECRET.test(name);
}
