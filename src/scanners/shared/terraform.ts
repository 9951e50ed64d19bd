import { LineIndex, type Region } from '../../core/index.js';

/**
 * The line on which Terraform's resource `type.name` begins, or undefined: for tools that name a resource
 * but no place. Looks for the block's header as text, which `terraform fmt` writes in one way.
 */
export function resourceRegion(text: string | undefined, address: string): Region | undefined {
  const match = /^(?:data\.)?([\w-]{1,200})\.([\w-]{1,200})/.exec(address);
  if (text === undefined || match === null) return undefined;
  const at = text.indexOf(`"${match[1]}" "${match[2]}"`);
  if (at === -1) return undefined;
  const lines = new LineIndex(text);
  const { line } = lines.position(at);
  const start = lines.offset(line, 1);
  const indent = lines.line(line).length - lines.line(line).trimStart().length;
  return lines.region({ start: start + indent, end: start + lines.line(line).length });
}
