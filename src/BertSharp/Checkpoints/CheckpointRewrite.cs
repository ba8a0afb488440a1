using System.Text.Json.Nodes;

namespace BertSharp;

/// <summary>Writes a model anew, into a new folder: its tensors in another form, <c>config.json</c> changed, all other files copied.</summary>
internal static class CheckpointRewrite
{
    private const string ConfigFile = "config.json";

    /// <summary>Writes the folder whole or not at all.</summary>
    /// <param name="source">The checkpoint that is open.</param>
    /// <param name="destination">A folder that does not exist yet, or is empty.</param>
    /// <param name="tensors">All tensors as they are to be stored.</param>
    /// <param name="options">Shards and progress; the metadata is the source's.</param>
    /// <param name="change">Changes the configuration, where there is one.</param>
    /// <param name="cancellation">Checked between pieces and files.</param>
    /// <exception cref="CheckpointException">The destination is taken, or a tensor cannot be read or stored.</exception>
    public static void Run(Checkpoint source, string destination, IReadOnlyList<StoredTensor> tensors, SaveOptions options, Action<JsonObject> change, CancellationToken cancellation)
    {
        string weights = Path.GetDirectoryName(Path.GetFullPath(source.Files.First()))!;
        string from = Directory.Exists(source.Path) ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(source.Path)) : weights;
        string to = Path.TrimEndingDirectorySeparator(Path.GetFullPath(destination));
        RequireFree(from, to);
        if (Directory.Exists(to))
        {
            Directory.Delete(to); // Empty, as was checked.
        }

        AtomicFolder.Create(to, beside =>
        {
            if (Directory.Exists(source.Path))
            {
                CopyFolder(from, beside, [.. source.Files.Select(Path.GetFullPath)], cancellation);
            }
            else if (source.ConfigJson is { } config)
            {
                File.WriteAllText(Path.Combine(beside, ConfigFile), config); // A single file was named: only its configuration belongs to it for certain.
            }

            string target = Path.Combine(beside, Path.GetRelativePath(from, weights));
            ChangeConfig(Path.Combine(target, ConfigFile), change);
            CheckpointWriter.Save(target, tensors, options with { Metadata = WithFormat(source.Metadata) }, cancellation);
        });
    }

    private static void RequireFree(string from, string to)
    {
        if (to == from || Inside(to, from) || Inside(from, to))
        {
            throw new CheckpointException(to, $"lies in the source {from} or holds it; choose a new folder elsewhere");
        }

        if (File.Exists(to) || (Directory.Exists(to) && Directory.EnumerateFileSystemEntries(to).Any()))
        {
            throw new CheckpointException(to, "exists already; choose a new folder");
        }

        static bool Inside(string inner, string outer) => inner.StartsWith(outer + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> WithFormat(IReadOnlyDictionary<string, string> metadata)
    {
        Dictionary<string, string> result = new(metadata);
        result.TryAdd("format", "pt");
        return result;
    }

    private static void CopyFolder(string source, string target, HashSet<string> weights, CancellationToken cancellation)
    {
        Directory.CreateDirectory(target);
        foreach (string file in Directory.GetFiles(source).Where(file => !weights.Contains(file) && Path.GetFileName(file) != ShardIndex.FileName))
        {
            cancellation.ThrowIfCancellationRequested();
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        // A linked folder may lead in a circle; the Hub's cache links files only.
        foreach (DirectoryInfo folder in new DirectoryInfo(source).GetDirectories().Where(folder => folder.LinkTarget is null))
        {
            CopyFolder(folder.FullName, Path.Combine(target, folder.Name), weights, cancellation);
        }
    }

    private static void ChangeConfig(string path, Action<JsonObject> change)
    {
        if (!File.Exists(path))
        {
            return;
        }

        string text = JsonFile.ReadText(path);
        JsonFile.Parse(text, path).Dispose();
        JsonObject config = JsonNode.Parse(text)!.AsObject();
        change(config);
        AtomicFile.WriteText(path, JsonFile.ToText(config));
    }
}
