using System.Text.RegularExpressions;

namespace BertSharp;

/// <summary>The regular expressions of an adapter's configuration, for paths of modules. They come from a file: time is limited.</summary>
internal static class LoraPattern
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>Whether an expression fits a whole path (Python's <c>re.fullmatch</c>).</summary>
    /// <exception cref="CheckpointException">It is no regular expression, or takes too long.</exception>
    public static bool IsMatch(string pattern, string path, string file, string key)
    {
        try
        {
            return Regex.IsMatch(path, $@"\A(?:{pattern})\z", RegexOptions.CultureInvariant, Limit);
        }
        catch (Exception e) when (e is ArgumentException or RegexMatchTimeoutException)
        {
            string what = e is ArgumentException ? $"is no regular expression ({CheckpointException.Show(e.Message)})" : $"takes more than {Limit.TotalSeconds} s for '{path}'";
            throw new CheckpointException(file, $"'{CheckpointException.Show(pattern)}' {what}; expected a short expression for the paths of modules, such as .*\\.(query|value)", key, e);
        }
    }

    /// <summary>The value of the first key that fits a path or its end after a dot; the default where none does.</summary>
    public static T Find<T>(IReadOnlyList<KeyValuePair<string, T>> patterns, string path, T otherwise, string file, string key)
    {
        foreach ((string pattern, T value) in patterns)
        {
            if (IsMatch($@"(?:.*\.)?(?:{pattern})", path, file, key))
            {
                return value;
            }
        }

        return otherwise;
    }
}
