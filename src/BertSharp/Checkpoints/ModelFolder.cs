namespace BertSharp;

/// <summary>
/// Finds a model's folder and its weights: a folder, a model that the program brings along, or a Hub name in the local Hugging
/// Face cache (<see cref="HubCache"/>).
/// Nothing is ever downloaded.
/// </summary>
public static class ModelFolder
{
    private const string SingleFile = "model.safetensors";

    /// <summary>Resolves a folder or a name to a folder.</summary>
    /// <param name="nameOrPath">A folder, the name of one in <c>models</c> beside the program, or a name of the Hub such as <c>bert-base-uncased</c> or <c>BAAI/bge-small-en-v1.5</c>, perhaps with <c>@REVISION</c>: branch, tag or commit.</param>
    /// <param name="environment">Reads an environment variable; the process's where null.</param>
    /// <exception cref="CheckpointException">Neither is there; the message lists where it was looked for, and gives the command that downloads.</exception>
    public static string Resolve(string nameOrPath, Func<string, string?>? environment = null)
    {
        if (Directory.Exists(nameOrPath))
        {
            return nameOrPath;
        }

        if (FindShipped(nameOrPath) is { } shipped)
        {
            return shipped;
        }

        List<string> looked = [];
        if (HubCache.Find(nameOrPath, HubCache.Folder(environment), looked) is { } snapshot)
        {
            return snapshot;
        }

        throw new CheckpointException(nameOrPath, looked.Count == 0
            ? "no such folder, and no name of a model on the Hub. Give a folder that holds config.json and model.safetensors"
            : $"no such folder, and no such model in the local Hugging Face cache (looked at {string.Join(", ", looked)}). Give a folder that holds config.json and model.safetensors, or download the model first: bert download {CheckpointException.Show(nameOrPath)}; set HF_HOME where the cache lies elsewhere");
    }

    /// <summary>The folder <c>models/NAME</c> beside the program, by which it answers on a machine without network; null where there is none.</summary>
    internal static string? FindShipped(string name)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "models", name);
        return Path.GetFileName(name) == name && File.Exists(Path.Combine(folder, "config.json")) ? folder : null;
    }

    /// <summary>The file to open in a folder: model.safetensors, its shard index, the only safetensors file, or those of the transformer module.</summary>
    /// <exception cref="CheckpointException">There is none; the message names what is there instead.</exception>
    internal static string FindWeights(string folder)
    {
        try
        {
            if (File.Exists(Path.Combine(folder, "adapter_config.json")) && !File.Exists(Path.Combine(folder, SingleFile)))
            {
                throw new CheckpointException(folder, "expected a whole model, found a PEFT adapter (adapter_config.json). Merge it into its base model in Python: model.merge_and_unload().save_pretrained(folder)");
            }

            return Find(folder) ?? Find(SentenceTransformerConfig.TransformerFolder(folder)) ?? throw NoWeights(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(folder, $"cannot be listed ({e.Message}); check its permissions", inner: e);
        }
    }

    private static string? Find(string folder)
    {
        foreach (string name in (string[])[SingleFile, ShardIndex.FileName])
        {
            if (Path.Combine(folder, name) is var path && File.Exists(path))
            {
                return path;
            }
        }

        string[] others = Directory.GetFiles(folder, "*.safetensors");
        return others.Length == 1 ? others[0] : null;
    }

    private static CheckpointException NoWeights(string folder)
    {
        foreach (string file in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            if (FileFormats.Detect(file) is { } format && format != FileFormats.Json)
            {
                return FileFormats.Unreadable(file, format);
            }
        }

        return new CheckpointException(folder, $"expected {SingleFile} or {ShardIndex.FileName}, found neither; download the model's weights into the folder");
    }
}
