using System.Globalization;
using System.Text.Json;

namespace BertSharp.Benchmarks;

/// <summary>
/// BertSharp's tokenizer against its peers: each in its own process, in turn, round after round, over the same texts with the
/// same vocabulary; and whether their ids agree. A ratio is taken within a round, so that what slows the machine slows both.
/// </summary>
internal static class TokenizerComparison
{
    private const int Rounds = 7;
    private const double Seconds = 0.15;

    /// <summary>
    /// Short passes with pauses between: the runtime compiles anew, on a thread that needs an idle core, what has run often,
    /// and before that a tokenizer has a third of its speed.
    /// </summary>
    private const int FirstWarmUps = 16;

    private const int WarmUps = 2;

    /// <summary>The measurements of a round, those next to each other that are compared: name, process, mode.</summary>
    private static readonly (string Name, string Process, string Mode)[] s_columns =
    [
        ("BertSharp, ids", "BertSharp", "ids"),
        ("FastBertTokenizer, ids", "FastBertTokenizer", "ids"),
        ("BertSharp, ids, 2 threads", "BertSharp", "threads"),
        ("FastBertTokenizer, ids, 2 threads", "FastBertTokenizer", "threads"),
        ("BertSharp, ids and offsets", "BertSharp", "offsets"),
        ("Hugging Face, ids and offsets", "HuggingFace", "ids"),
        ("BertSharp, all texts by one call, 1 core", "BertSharpOneCore", "batch"),
        ("BertSharp, all texts by one call, 2 cores", "BertSharp", "batch"),
    ];

    public static void Run(string[] arguments)
    {
        switch (arguments)
        {
            case ["worker", string vocabulary, string texts]:
                var tokenizer = BertTokenizer.Load(vocabulary);
                TokenizerWorker.Run(texts, () => new BertSharpTokenizer(tokenizer));
                break;
            case [string shared, string peers, string results]:
                Compare(shared, peers, results);
                break;
            default:
                throw new ArgumentException("Expected: tokenizers SHARED PEERS RESULTS, where PEERS is the folder that benchmarks/peers/build.sh has filled.");
        }
    }

    private static void Compare(string shared, string peers, string results)
    {
        string folder = Directory.CreateTempSubdirectory("bertsharp-tokenizers-").FullName;
        TokenizerTexts.Write(shared, folder);
        Dictionary<string, TokenizerProcess> processes = Start(Path.Combine(shared, "tokenizers", "bert-base-uncased"), folder, Path.GetFullPath(peers));
        try
        {
            var sets = TokenizerTexts.Sets.Select(set => Measure(set, processes, folder)).ToArray();
            TokenizerReport.Write(results, [.. processes.Values.Select(process => process.Version).Distinct()], sets);
        }
        finally
        {
            foreach (TokenizerProcess process in processes.Values)
            {
                process.Dispose();
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    private static Dictionary<string, TokenizerProcess> Start(string vocabulary, string texts, string peers)
    {
        string here = AppContext.BaseDirectory;
        string script = Path.Combine(here[..here.IndexOf("benchmarks", StringComparison.Ordinal)], "benchmarks", "peers", "tokenizers.mjs");
        string version = File.ReadAllText(Path.Combine(peers, "fastbert-version.txt")).Trim();
        return new TokenizerProcess[]
        {
            new("BertSharp", Environment.ProcessPath!, "tokenizers", "worker", vocabulary, texts),
            new("BertSharpOneCore", "taskset", "-c", "0", Environment.ProcessPath!, "tokenizers", "worker", vocabulary, texts),
            new("FastBertTokenizer", Path.Combine(peers, "fastbert", "FastBertTokenizerPeer"), vocabulary, texts, version),
            new("HuggingFace", "node", script, vocabulary, texts, peers),
        }.ToDictionary(process => process.Key);
    }

    private static TokenizerSet Measure(string set, Dictionary<string, TokenizerProcess> processes, string folder)
    {
        string[] texts = [.. File.ReadLines(Path.Combine(folder, $"{set}.jsonl")).Select(line => JsonSerializer.Deserialize<string>(line)!)];
        string[] expected = processes["HuggingFace"].Ids(set, folder);
        TokenizerDifferences[] differences = [.. new[] { "BertSharp", "FastBertTokenizer" }.Select(key =>
            TokenizerDifferences.Of(key, texts, expected, processes[key].Ids(set, folder)))];
        var rates = s_columns.ToDictionary(column => column.Name, _ => new double[Rounds]);
        for (int warm = set == TokenizerTexts.Sets[0] ? FirstWarmUps : WarmUps; warm > 0; warm--)
        {
            foreach ((_, string process, string mode) in s_columns)
            {
                processes[process].Rate(mode, set, Seconds / 2);
                Thread.Sleep(20);
            }
        }

        for (int round = 0; round < Rounds; round++)
        {
            foreach ((string name, string process, string mode) in s_columns)
            {
                rates[name][round] = processes[process].Rate(mode, set, Seconds);
            }
        }

        foreach ((string name, double[] values) in rates)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{set} {name}: {values.Order().ElementAt(Rounds / 2) / 1e6:F2} M tokens/s"));
        }

        return new TokenizerSet(set, texts.Length, texts.Sum(text => (long)text.Length), expected.Sum(line => line.Count(unit => unit == ' ') + 1L), rates, differences);
    }
}
