// A module of its own, so that help and the search for an unknown command are loaded on demand.
export { run } from '@oclif/core'
