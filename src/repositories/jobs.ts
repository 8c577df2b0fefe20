/** Jobs that exclude runs of their own kind: scraping, capturing, what decides on masters, and care of the file. */
export const jobs = ['hrnz', 'capture', 'masters', 'care'] as const
export type Job = (typeof jobs)[number]
