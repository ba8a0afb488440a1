using System.Text.Json;

namespace BertSharp.Cli.Output;

/// <summary>How the results of one verb look, in each format that it offers.</summary>
internal abstract class ResultView<T>
{
    /// <summary>The titles of a table of the results.</summary>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>The rows of a table for one input: one for each label, entity, answer …; perhaps none.</summary>
    public abstract IEnumerable<string[]> Rows(T result);

    /// <summary>The properties of the one JSON object for one input.</summary>
    public abstract void WriteJson(Utf8JsonWriter json, T result);

    /// <summary>Lines for people, for one input.</summary>
    /// <param name="result">The result.</param>
    /// <param name="terminal">Colours and width of where the lines go.</param>
    public abstract IEnumerable<string> Lines(T result, Terminal terminal);

    /// <summary>What the result shows in a page of HTML: the inside of one <c>article</c>; where a verb has nothing better, its table.</summary>
    public virtual string Html(T result) => HtmlPage.Table(Columns, Rows(result));
}
