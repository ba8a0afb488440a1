namespace BertSharp.Cli.Input;

/// <summary>One text of the input, or a pair of texts.</summary>
/// <param name="Text">The text.</param>
/// <param name="Pair">The second text, where the input has one.</param>
/// <param name="Place">Where it stands, for messages: <c>texts.jsonl:17</c>, or <c>text 3</c> of the arguments.</param>
/// <param name="Id">The record's own name, where a column of such names was asked for.</param>
/// <param name="Position">Bytes of the input up to the record's end.</param>
internal sealed record InputRecord(string Text, string? Pair, string Place, string? Id = null, long Position = 0);
