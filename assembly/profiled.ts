/** The ABI of the build that tells where its time goes. */
export * from "./index";
export { profileBegin, profileCounter, profileEntries, profileTime } from "./profile";
