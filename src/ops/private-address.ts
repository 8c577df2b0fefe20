/**
 * An address of which all but the host is a secret. User and password go into a header, as browsers do
 * it: fetch takes no address with them, and its error would show the whole of it.
 */
export function privateAddress(text: string): {
  readonly address: URL
  readonly headers: Readonly<Record<string, string>>
} {
  const address = new URL(text)
  const { username, password } = address
  if (username === '' && password === '') return { address, headers: {} }
  address.username = ''
  address.password = ''
  const said = `${decoded(username)}:${decoded(password)}`
  return { address, headers: { authorization: `Basic ${Buffer.from(said).toString('base64')}` } }
}

/** A percent sign that escapes nothing stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
