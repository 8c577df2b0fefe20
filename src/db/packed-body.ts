import { deflateRawSync, inflateRawSync } from 'node:zlib'

/**
 * A body told by another one of the same address: a race is read a hundred times, and its card with
 * the form of every runner is in each of the ten bodies that are kept. Deflate looks 32 KB back and
 * would never see the earlier body, so each segment is deflated with that part of it as dictionary
 * which it is most like. Form of a segment: where the dictionary begins, length, deflated bytes.
 */
export function packBody(bytes: Uint8Array, base: Uint8Array): Buffer {
  const earlier = Buffer.from(base.buffer, base.byteOffset, base.byteLength)
  const parts: Buffer[] = []
  let shift = 0
  for (let offset = 0; offset < bytes.length; offset += segmentSize) {
    const segment = bytes.subarray(offset, offset + segmentSize)
    shift = shiftOf(segment, offset, earlier) ?? shift
    const start = within(offset + shift - lead, earlier.length - windowSize)
    const dictionary = earlier.subarray(start, start + windowSize)
    const deflated = deflateRawSync(segment, { dictionary })
    const head = Buffer.alloc(headSize)
    head.writeUInt32LE(start, 0)
    head.writeUInt32LE(deflated.length, 4)
    parts.push(head, deflated)
  }
  return Buffer.concat(parts)
}

export function unpackBody(packed: Uint8Array, base: Uint8Array): Buffer {
  const source = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  const parts: Buffer[] = []
  for (let at = 0; at < source.length;) {
    const start = source.readUInt32LE(at)
    const end = at + headSize + source.readUInt32LE(at + 4)
    const dictionary = base.subarray(start, start + windowSize)
    parts.push(
      inflateRawSync(source.subarray(at + headSize, end), {
        dictionary,
        maxOutputLength: segmentSize,
      }),
    )
    at = end
  }
  return Buffer.concat(parts)
}

/** All that deflate can look back on. */
const windowSize = 32 * 1024
const segmentSize = 8 * 1024
/** What of the window lies before the place that the segment is most like. */
const lead = 12 * 1024
const headSize = 8
const anchorSize = 48
const anchors = 6

/** How far the segment has moved: results come in front of the runners and push them on. */
function shiftOf(segment: Uint8Array, offset: number, earlier: Buffer): number | undefined {
  for (let n = 0; n < anchors; n++) {
    const from = Math.floor((segment.length / anchors) * n)
    const anchor = segment.subarray(from, from + anchorSize)
    if (anchor.length < anchorSize) return undefined
    const found = earlier.indexOf(anchor)
    if (found !== -1) return found - offset - from
  }
  return undefined
}

const within = (value: number, most: number): number => Math.max(0, Math.min(value, most))
