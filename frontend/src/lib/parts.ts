/** What a page needs only sometimes. */

/** Loads it once; elements of it that are on the page already come to life. */
export const loadParts = (): Promise<typeof import("../parts")> => import("../parts");
