/** Who says what there is: somebody over the API, or a file of the operator's, which then has the last word. */
export const ORIGINS = ['api', 'file'] as const;
export type Origin = (typeof ORIGINS)[number];
