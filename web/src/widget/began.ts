/** First among the imports of an entry: when its script began to run. */
export const BEGAN = "top-songs:script";

performance.mark(BEGAN);
