// Verifies receipts and promises of an OpenLedger router; nothing is believed of the router.

export { openledgerFetch } from "./fetch.js";
export { checkPromise, readPromise, MalformedPromise } from "./promise.js";
export { verifyReceipt, exitCode } from "./receipt.js";
