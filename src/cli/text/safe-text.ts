/**
 * Text from a source or a file may carry escape sequences that move the cursor, set the window's
 * title or turn a line around. Nothing of the kind may reach a terminal.
 */

// CSI (colours, cursor) and OSC (titles, links). Bounded, so that an unfinished one costs nothing.
const escapeSequence =
  /\u001b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\u0007\u001b]{0,512}(?:\u0007|\u001b\\))/g
// C0 without tab and line feed, DEL, C1, the marks that change the direction of writing, BOM.
const unsafe =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g
const lineBreak = /\r\n|[\r\u2028\u2029]/g

/** Any text, fit for a terminal; lines and tabs stay. */
export function safeText(text: string): string {
  return text.replace(lineBreak, '\n').replace(escapeSequence, '').replace(unsafe, '')
}

/** The same on one line: for a cell, a label, a progress line. */
export function safeLine(text: string): string {
  return safeText(text)
    .replace(/[\n\t]+/g, ' ')
    .trim()
}

/** JSON whose strings say what they say, with everything a terminal might obey escaped. */
export function safeJson(value: unknown, indent?: number): string {
  // `undefined` has no JSON; a reader of our output must always get one value.
  const json = JSON.stringify(value ?? null, null, indent) ?? 'null'
  return json.replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
