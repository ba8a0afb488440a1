namespace BertSharp;

/// <summary>
/// Hugging Face's cache of models on this machine, in the layout of huggingface_hub:
/// <c>models--ORG--NAME/refs/REVISION</c> names a commit, <c>snapshots/COMMIT</c> is the model's folder, whose files are links
/// into <c>blobs</c>. Nothing is ever downloaded by the library.
/// </summary>
public static class HubCache
{
    private const string MainRevision = "main";

    /// <summary>Hugging Face's folder, where the token lies too: HF_HOME, XDG_CACHE_HOME/huggingface, or ~/.cache/huggingface.</summary>
    /// <param name="environment">Reads an environment variable; the process's where null.</param>
    public static string Home(Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        return ExpandHome(Value(environment, "HF_HOME") ?? Path.Combine(Value(environment, "XDG_CACHE_HOME") ?? Path.Combine(UserFolder, ".cache"), "huggingface"));
    }

    /// <summary>The folder of the models: HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, or <c>hub</c> in <see cref="Home"/>.</summary>
    /// <param name="environment">Reads an environment variable; the process's where null.</param>
    public static string Folder(Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        return (Value(environment, "HF_HUB_CACHE") ?? Value(environment, "HUGGINGFACE_HUB_CACHE")) is { } cache
            ? ExpandHome(cache)
            : Path.Combine(Home(environment), "hub");
    }

    /// <summary>The model's folder in the cache, for <c>NAME</c> or <c>NAME@REVISION</c>; null where it is not there.</summary>
    /// <param name="name">The name as it was given.</param>
    /// <param name="cache">The folder of the models.</param>
    /// <param name="looked">Receives the folders that were looked at; none where this is no name of the Hub.</param>
    internal static string? Find(string name, string cache, List<string> looked)
    {
        int at = name.IndexOf('@', StringComparison.Ordinal);
        string revision = at < 0 ? MainRevision : name[(at + 1)..];
        if (!revision.Split('/').All(IsPart))
        {
            return null;
        }

        foreach (string candidate in Candidates(at < 0 ? name : name[..at]))
        {
            string folder = Path.Combine(cache, "models--" + candidate.Replace("/", "--", StringComparison.Ordinal));
            if (FindSnapshot(folder, revision, anyOnlyOne: at < 0) is { } snapshot)
            {
                return snapshot;
            }

            looked.Add(folder);
        }

        return null;
    }

    // sentence-transformers puts its organisation before a name without one.
    private static string[] Candidates(string name)
    {
        string[] parts = name.Split('/');
        bool isName = parts.Length <= 2 && parts.All(part => IsPart(part) && !part.Contains("--", StringComparison.Ordinal));
        return !isName ? [] : parts.Length == 2 ? [name] : [name, "sentence-transformers/" + name];
    }

    private static bool IsPart(string part) => part is not ("" or "." or "..") && !part.AsSpan().ContainsAny('\\', '\0', ':');

    private static string? FindSnapshot(string folder, string revision, bool anyOnlyOne)
    {
        string snapshots = Path.Combine(folder, "snapshots");
        if (!Directory.Exists(snapshots))
        {
            return null;
        }

        string reference = Path.Combine(folder, "refs", Path.Combine(revision.Split('/')));
        if (File.Exists(reference) && JsonFile.ReadText(reference).Trim() is { Length: <= 128 } commit && IsPart(commit) && !commit.Contains('/', StringComparison.Ordinal))
        {
            string snapshot = Path.Combine(snapshots, commit);
            return Directory.Exists(snapshot) ? snapshot : null;
        }

        if (!anyOnlyOne)
        {
            string snapshot = Path.Combine(snapshots, revision);
            return !revision.Contains('/', StringComparison.Ordinal) && Directory.Exists(snapshot) ? snapshot : null;
        }

        // Downloaded by commit or tag, without refs/main: unambiguous only where there is one.
        string[] all = Directory.GetDirectories(snapshots);
        return all.Length == 1 ? all[0] : null;
    }

    private static string UserFolder => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private static string? Value(Func<string, string?> environment, string name) => environment(name) is { Length: > 0 } value ? value : null;

    // As Python's expanduser does for these variables.
    private static string ExpandHome(string path) =>
        path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? UserFolder + path[1..] : path;
}
