using System.CommandLine;

namespace BertSharp.Cli.Input;

/// <summary>The options by which every verb that reads texts is given them.</summary>
internal sealed class InputOptions
{
    private readonly Argument<string[]> _texts = new("texts") { Description = "The texts; without any they are read from --input or standard input.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _input = new("--input", "-i") { Description = "A file of texts, by its extension: .jsonl, .csv, .tsv, else one text a line; - is standard input.", HelpName = "FILE" };
    private readonly Option<string?> _format = new("--input-format") { Description = "The kind of the input where its extension does not say it." };
    private readonly Option<bool> _skipBad = new("--skip-bad") { Description = "Report lines that cannot be used, and go on; else the first ends the run." };
    private readonly Option<string> _column;
    private readonly Option<string> _pairColumn;
    private readonly Option<string> _idColumn;
    private readonly InputFields _fields;

    public InputOptions(Command command, InputFields fields)
    {
        _fields = fields;
        _column = Column("--column", $"The column or property of the {fields.Text}, or several with commas between, joined by spaces: titles, or numbers from 1 in a CSV or TSV file without titles.", fields.Text);
        _pairColumn = Column("--pair-column", fields.Pair == "text_pair" ? "The column or property of the second text of a pair." : $"The column or property of the {fields.Pair}.", fields.Pair);
        _idColumn = Column("--id-column", "The column or property of each record's own name; by default they are numbered from 0.", null);
        _format.AcceptOnlyFromAmong(InputFormat.Lines, InputFormat.Jsonl, InputFormat.Csv, InputFormat.Tsv);
        command.Arguments.Add(_texts);
        foreach (Option option in (Option[])[_input, _format, _column, .. fields.Pair is null ? (Option[])[] : [_pairColumn], .. fields.Id is null ? (Option[])[] : [_idColumn], _skipBad])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The texts given as arguments.</summary>
    public string[] Arguments(ParseResult parsed) => parsed.GetValue(_texts) ?? [];

    /// <summary>Whether a file was named.</summary>
    public bool HasInput(ParseResult parsed) => parsed.GetValue(_input) is not null;

    /// <summary>Opens the texts.</summary>
    /// <param name="parsed">The arguments.</param>
    /// <param name="pair">The second text for each argument; null: none.</param>
    /// <param name="check">Says what is wrong with a record for this verb; null: nothing.</param>
    public TextSource Open(ParseResult parsed, string? pair = null, Func<InputRecord, string?>? check = null)
    {
        string[] texts = Arguments(parsed);
        if (texts.Length > 0 && HasInput(parsed))
        {
            throw CliException.Usage("texts are given both as arguments and by --input; give one of the two.");
        }

        return texts.Length == 0 ? OpenFile(parsed, check) : Ruled(OfArguments(texts, pair), parsed, check);
    }

    /// <summary>Opens the file or standard input, whatever the arguments are.</summary>
    public TextSource OpenFile(ParseResult parsed, Func<InputRecord, string?>? check = null)
    {
        string? id = _fields.Id is null ? null : parsed.GetValue(_idColumn);
        InputColumns columns = new(parsed.GetValue(_column)!, _fields.Pair is null ? null : parsed.GetValue(_pairColumn), id);
        return Ruled(TextSource.OfFile(parsed.GetValue(_input), parsed.GetValue(_format), columns), parsed, check);
    }

    private static Option<string> Column(string name, string description, string? value) =>
        new(name) { Description = description, DefaultValueFactory = value is null ? null : _ => value, HelpName = "NAME" };

    // A verb that needs two texts of a record takes them as two arguments.
    private TextSource OfArguments(string[] texts, string? pair) =>
        !_fields.PairRequired ? TextSource.OfArguments(texts, pair)
        : texts.Length == 2 ? TextSource.OfArguments(texts[..1], texts[1])
        : throw CliException.Usage($"expected two arguments, {_fields.Text} and {_fields.Pair}, found {texts.Length}.");

    private TextSource Ruled(TextSource source, ParseResult parsed, Func<InputRecord, string?>? check) => source.With(
        record => _fields.PairRequired && record.Pair is null ? $"there is no {_fields.Pair}; give .jsonl, .csv or .tsv with --pair-column" : check?.Invoke(record),
        parsed.GetValue(_skipBad));
}
