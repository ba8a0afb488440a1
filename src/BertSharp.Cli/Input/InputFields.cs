namespace BertSharp.Cli.Input;

/// <summary>What one verb reads of a record, under the names that the columns have where nothing else is said.</summary>
/// <param name="Text">The first text, such as <c>text</c> or <c>question</c>.</param>
/// <param name="Pair">The second text, such as <c>text_pair</c> or <c>context</c>; null: the verb takes single texts.</param>
/// <param name="PairRequired">Whether a record without a second text is bad.</param>
/// <param name="Id">The record's name, such as <c>id</c>; null: the verb needs none.</param>
internal sealed record InputFields(string Text, string? Pair = null, bool PairRequired = false, string? Id = null)
{
    /// <summary>One text.</summary>
    public static InputFields Single { get; } = new("text");

    /// <summary>A text, or two.</summary>
    public static InputFields TextOrPair { get; } = new("text", "text_pair");
}
