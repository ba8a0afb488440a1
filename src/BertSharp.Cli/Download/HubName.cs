namespace BertSharp.Cli.Download;

/// <summary>A model of the Hub and its revision (branch, tag or commit), under the rules that the Hub has for such names.</summary>
internal sealed record HubName(string Name, string Revision)
{
    private const int MostNameLength = 96;
    private const int MostRevisionLength = 255;

    /// <summary>Reads <c>NAME</c> or <c>NAME@REVISION</c>; the revision is <c>main</c> where none is given.</summary>
    /// <exception cref="CliException">It cannot be a name of the Hub.</exception>
    public static HubName Parse(string text)
    {
        int at = text.IndexOf('@', StringComparison.Ordinal);
        string name = at < 0 ? text : text[..at], revision = at < 0 ? "main" : text[(at + 1)..];
        string[] parts = name.Split('/');
        if (parts.Length > 2 || !parts.All(IsNamePart) || name.EndsWith(".git", StringComparison.Ordinal))
        {
            throw CliException.Usage($"'{Shown.Of(name)}' is no name of a model on the Hub; expected NAME or ORGANISATION/NAME, each of at most {MostNameLength} letters, digits, '-', '_' and '.', such as BAAI/bge-small-en-v1.5.");
        }

        return IsRevision(revision)
            ? new HubName(name, revision)
            : throw CliException.Usage($"'{Shown.Of(revision)}' is no name of a revision; expected a branch, a tag or a commit after the '@', such as {name}@main.");
    }

    /// <summary>The names to ask for in turn: sentence-transformers puts its organisation before a name without one.</summary>
    public IEnumerable<HubName> Candidates() =>
        Name.Contains('/', StringComparison.Ordinal) ? [this] : [this, this with { Name = "sentence-transformers/" + Name }];

    public override string ToString() => Revision == "main" ? Name : $"{Name}@{Revision}";

    // huggingface_hub, utils/_validators.py: validate_repo_id.
    private static bool IsNamePart(string part) =>
        part.Length is > 0 and <= MostNameLength
        && part.All(c => IsWord(c) || c is '-' or '.') && IsWord(part[0]) && IsWord(part[^1])
        && !part.Contains("--", StringComparison.Ordinal) && !part.Contains("..", StringComparison.Ordinal);

    // git's rules for the name of a reference (git check-ref-format).
    private static bool IsRevision(string revision) =>
        revision.Length is > 0 and <= MostRevisionLength && revision[0] != '-'
        && !revision.Any(c => c <= ' ' || c == '\u007f' || "~^:?*[\\".Contains(c, StringComparison.Ordinal))
        && !revision.Contains("..", StringComparison.Ordinal) && !revision.Contains("@{", StringComparison.Ordinal)
        && revision.Split('/').All(part => part.Length > 0 && part[0] != '.' && part[^1] != '.' && !part.EndsWith(".lock", StringComparison.Ordinal));

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
