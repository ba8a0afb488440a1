using System.Collections.ObjectModel;

namespace BertSharp;

/// <summary>How a data file is to be read, where its extension does not say it.</summary>
public sealed record DataOptions
{
    /// <summary>
    /// What the file calls the fields, such as text = sentence: titles of a table, its columns as numbers from 1, or properties
    /// of JSONL. A field that is not named here has its own name.
    /// </summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>What stands between the fields of a table; null: a comma in .csv, else a tab.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Whether fields of a table may be quoted; null: unless tabs stand between them.</summary>
    public bool? Quoted { get; init; }

    /// <summary>Whether the first row of a table holds titles.</summary>
    public bool Header { get; init; } = true;

    /// <summary>
    /// Is told of each record of JSONL or of a table that cannot be used, which then is passed over; null: the first ends the reading.
    /// </summary>
    public Action<string>? SkipBad { get; init; }

    /// <summary>Columns as a command line gives them.</summary>
    /// <param name="columns">Such as <c>text=2,label=1</c> or <c>text=sentence</c>.</param>
    /// <exception cref="ArgumentException">A part is no field with its column, or a field stands twice.</exception>
    public static IReadOnlyDictionary<string, string> ParseColumns(string columns)
    {
        Dictionary<string, string> named = [];
        foreach (string part in columns.Split(','))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || equals == part.Length - 1 || !named.TryAdd(part[..equals].Trim(), part[(equals + 1)..].Trim()))
            {
                throw new ArgumentException($"The columns '{columns}' have '{part}'; expected each field once with its column, such as text=2,label=1 or text=sentence.", nameof(columns));
            }
        }

        return named;
    }
}
