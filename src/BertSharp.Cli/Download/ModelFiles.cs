using System.Text.RegularExpressions;

namespace BertSharp.Cli.Download;

/// <summary>Which files of a model are used: configuration, tokenizer, modules of sentence-transformers, and one set of weights.</summary>
internal static partial class ModelFiles
{
    private const string Tokenizer = "tokenizer.json";

    private static readonly string[] Small =
    [
        "config.json", Tokenizer, "tokenizer_config.json", "special_tokens_map.json", "modules.json",
        "sentence_bert_config.json", "sentence_roberta_config.json", "sentence_distilbert_config.json", "config_sentence_transformers.json",
    ];

    // Read where there is no tokenizer.json.
    private static readonly string[] OldTokenizer = ["vocab.txt", "added_tokens.json"];

    /// <summary>The files to fetch, the small ones first.</summary>
    public static IReadOnlyList<RemoteFile> Select(IReadOnlyList<RemoteFile> files)
    {
        bool hasModules = files.Any(file => file.Name == "modules.json");
        List<RemoteFile> small = [], weights = [];
        foreach (IGrouping<string, RemoteFile> folder in files.GroupBy(file => file.Name[..(file.Name.LastIndexOf('/') + 1)]))
        {
            if (folder.Key.Length > 0 && !(hasModules && ModuleFolder().IsMatch(folder.Key)))
            {
                continue;
            }

            Dictionary<string, RemoteFile> named = folder.ToDictionary(file => file.Name[folder.Key.Length..]);
            string[] wanted = named.ContainsKey(Tokenizer) ? Small : [.. Small, .. OldTokenizer];
            small.AddRange(wanted.Where(named.ContainsKey).Select(name => named[name]));
            weights.AddRange(Weights(named));
        }

        return [.. small, .. weights];
    }

    /// <summary>Whether a file holds weights, or names the files that do.</summary>
    public static bool IsWeights(RemoteFile file) => Path.GetExtension(file.Name) == ".safetensors";

    // In the order in which the library looks for them.
    private static IEnumerable<RemoteFile> Weights(Dictionary<string, RemoteFile> named) =>
        named.TryGetValue("model.safetensors", out RemoteFile? single) ? [single]
        : named.TryGetValue("model.safetensors.index.json", out RemoteFile? index) ? [index, .. named.Where(pair => Shard().IsMatch(pair.Key)).Select(pair => pair.Value)]
        : OnlySafetensors(named);

    // An adapter is no model: it lacks the weights that it adapts.
    private static IEnumerable<RemoteFile> OnlySafetensors(Dictionary<string, RemoteFile> named)
    {
        RemoteFile[] found = [.. named.Where(pair => pair.Key.EndsWith(".safetensors", StringComparison.Ordinal)).Select(pair => pair.Value)];
        return found.Length == 1 && !named.ContainsKey("adapter_config.json") ? found : [];
    }

    // As sentence-transformers names them: 0_Transformer, 1_Pooling, 2_Dense.
    [GeneratedRegex(@"^[0-9]+_[A-Za-z0-9]+/$")]
    private static partial Regex ModuleFolder();

    [GeneratedRegex(@"^model-[0-9]+-of-[0-9]+\.safetensors$")]
    private static partial Regex Shard();
}
