using System.IO.Enumeration;

namespace BertSharp;

/// <summary>
/// Parameters by name. A pattern must match the whole name; <c>*</c> stands for any run of characters, <c>?</c> for one:
/// <c>bert.embeddings.*</c>, <c>*.layer.?.*</c>.
/// </summary>
internal sealed class NamePatterns(IReadOnlyList<string> patterns)
{
    /// <summary>Whether one of the patterns matches.</summary>
    public bool Match(string name) => patterns.Any(pattern => Match(pattern, name));

    /// <summary>Refuses a pattern that matches none of the names: it is misspelt, and would do nothing.</summary>
    /// <exception cref="ArgumentException">Names the pattern.</exception>
    public void RequireUse(IReadOnlyCollection<string> names)
    {
        if (patterns.FirstOrDefault(pattern => !names.Any(name => Match(pattern, name))) is string idle)
        {
            throw new ArgumentException($"The pattern '{idle}' matches no parameter; the first of {names.Count} is '{names.FirstOrDefault()}'. * stands for any characters, ? for one.");
        }
    }

    private static bool Match(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
