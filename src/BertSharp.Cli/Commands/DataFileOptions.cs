using System.CommandLine;

namespace BertSharp.Cli.Commands;

/// <summary>The options by which verbs are given labelled files.</summary>
internal sealed class DataFileOptions
{
    private readonly Option<string?> _columns = new("--columns") { Description = "Where the fields stand, such as text=2,label=1 or text=sentence: columns of a table from 1, titles, or properties of JSONL.", HelpName = "FIELD=COLUMN,..." };
    private readonly Option<string?> _delimiter = new("--delimiter") { Description = "What stands between the fields of a table: one character, or tab; a comma in .csv, else a tab by default.", HelpName = "CHARACTER" };
    private readonly Option<string?> _quote = new("--quote") { Description = "Whether fields of a table may be in double quotes: double or none; none by default where tabs stand between them.", HelpName = "HOW" };
    private readonly Option<string> _header = new("--header") { Description = "Whether the first row of a table holds titles: yes or no.", DefaultValueFactory = _ => "yes", HelpName = "YES|NO" };
    private readonly Option<bool> _skipBad = new("--skip-bad") { Description = "Report examples that cannot be used, and go on; else the first ends the run." };

    public DataFileOptions(Command command)
    {
        _quote.AcceptOnlyFromAmong("double", "none");
        _header.AcceptOnlyFromAmong("yes", "no");
        foreach (Option option in (Option[])[_columns, _delimiter, _quote, _header, _skipBad])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What was given.</summary>
    public DataOptions Of(ParseResult parsed)
    {
        DataOptions options = new()
        {
            Delimiter = parsed.GetValue(_delimiter) switch
            {
                null => null,
                "tab" or "\\t" => '\t',
                [char one] => one,
                string other => throw CliException.Usage($"--delimiter is '{other}'; expected one character, or tab."),
            },
            Quoted = parsed.GetValue(_quote) is { } quote ? quote == "double" : null,
            Header = parsed.GetValue(_header) == "yes",
            SkipBad = parsed.GetValue(_skipBad) ? problem => CommandContext.Warn($"{problem}; skipped") : null,
        };
        return parsed.GetValue(_columns) is { } columns ? options with { Columns = DataOptions.ParseColumns(columns) } : options;
    }
}
