namespace BertSharp.Cli.Input;

/// <summary>Where in a record of JSONL, CSV or TSV its parts stand: names, or numbers from 1 in a file without titles.</summary>
/// <param name="Text">The column or property of the text, or several with commas between: these are joined by spaces.</param>
/// <param name="Pair">The column or property of the second text; null: there is none.</param>
/// <param name="Id">The column or property of the record's name; null: there is none.</param>
internal sealed record InputColumns(string Text = "text", string? Pair = null, string? Id = null)
{
    /// <summary>The columns that make the text.</summary>
    public string[] TextParts { get; } = Text.Split(',');
}
