/** Stands in the head of every page that we wrote: what carries it may be written over. */
export const pageMark = '<meta name="generator" content="harness report dashboard">'
