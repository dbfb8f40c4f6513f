/** The version of package.json, kept here as well because a browser bundle has no package.json; a test compares them. */
export const version = "0.1.0";
