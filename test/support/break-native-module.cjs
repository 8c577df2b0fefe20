// Preloaded into the program: SQLite's module then fails as it does after an upgrade of Node.
const { dlopen } = process
process.dlopen = (module, file, ...rest) => {
  if (!file.includes('better_sqlite3')) return dlopen(module, file, ...rest)
  throw Object.assign(
    new Error(`The module '${file}' was compiled against a different Node.js version`),
    { code: 'ERR_DLOPEN_FAILED' },
  )
}
