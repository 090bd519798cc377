// A policy in a link: compressed into the part behind #, which browsers never send to a server.

const chunk = 0x8000;

async function through(bytes, stream) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

function toBase64(bytes) {
  let binary = "";
  for (let at = 0; at < bytes.length; at += chunk) binary += String.fromCharCode(...bytes.subarray(at, at + chunk));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
}

/** The fragment that stands for a text and its target. */
export async function fragmentOf(text, target) {
  const packed = await through(new TextEncoder().encode(text), new CompressionStream("deflate-raw"));
  return `#${new URLSearchParams({ target, text: toBase64(packed) })}`;
}

/** What a fragment stands for: {target, text, example}, each null when absent; null for one that is broken. */
export async function readFragment(fragment, mostBytes) {
  const words = new URLSearchParams(fragment.slice(1));
  const packed = words.get("text");
  try {
    return { target: words.get("target"), example: words.get("example"), text: packed === null ? null : await unpack(packed, mostBytes) };
  } catch {
    return null;
  }
}

/** A few bytes can unpack to gigabytes: what is too long for the validator is not unpacked. */
async function unpack(packed, mostBytes) {
  const reader = new Blob([fromBase64(packed)]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const parts = [];
  let length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length;
    if (length > mostBytes) {
      await reader.cancel();
      throw new RangeError("too long");
    }
    parts.push(part.value);
  }
  return new TextDecoder("utf-8", { fatal: true }).decode(await new Blob(parts).arrayBuffer());
}
