/** Words in which package installers and scanners say that the network, not what was asked for, is to blame. */
const NETWORK = /timed? ?out|temporary failure|connection|network|unreachable|name resolution|no such host|ENOTFOUND|ECONNRE|EAI_AGAIN|ETIMEDOUT|proxyconnect|dial tcp|50[0234] /i;
/** What differs from what was expected stays so, however often it is fetched. */
const NOT_NETWORK = /HASHES|checksum mismatch|EINTEGRITY|SECURITY ERROR/i;

/** Whether a program's log blames the network, so that another try may help. */
export function blamesNetwork(log: string): boolean {
  return NETWORK.test(log) && !NOT_NETWORK.test(log);
}
