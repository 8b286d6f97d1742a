/** What `initialize` calls this host. */
export const HOST_NAME = "airlock";
/** The version of this package. A test holds it to package.json's. */
export const HOST_VERSION = "0.1.0";
