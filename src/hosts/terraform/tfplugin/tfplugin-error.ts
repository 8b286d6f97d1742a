import { AirlockError } from "../../../protocol/airlock-error.js";

/** Why bytes of the provider plug-in protocol cannot be used. */
export const TFPLUGIN_ERROR_CODES = [
  /** It is not protobuf, or not the message that the method carries. */
  "TFPLUGIN_MESSAGE",
  /** A schema that says what no schema can say. */
  "TFPLUGIN_SCHEMA",
  /** A resource or data source of a type that the provider's schema does not name. */
  "TFPLUGIN_UNKNOWN_TYPE",
  /** A value that is not of the form or the type that its schema asks for. */
  "TFPLUGIN_VALUE",
  /** It nests deeper than `MAX_DEPTH`. */
  "TFPLUGIN_TOO_DEEP",
  /** It is over `MAX_MESSAGE_BYTES` or holds more than `MAX_VALUES`. */
  "TFPLUGIN_TOO_LARGE",
] as const;

export type TfpluginErrorCode = (typeof TFPLUGIN_ERROR_CODES)[number];

/** A message between core and a provider cannot be read. Its text never quotes the message: values hold secrets. */
export class TfpluginError extends AirlockError<TfpluginErrorCode> {}
