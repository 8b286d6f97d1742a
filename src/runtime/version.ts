/** What `initialize` says of this host. A test holds the version to package.json's. */
export const HOST_NAME = "airlock";
export const HOST_VERSION = "0.1.0";
