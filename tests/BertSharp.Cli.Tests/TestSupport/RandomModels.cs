namespace BertSharp.Cli.Tests.TestSupport;

/// <summary>Small models with random weights under the names that the examples of <c>--help</c> give, so that they run without a download.</summary>
internal static class RandomModels
{
    public const string MaskedLM = "google/bert_uncased_L-4_H-256_A-4";
    public const string Classifier = "textattack/bert-base-uncased-SST-2";
    public const string Nli = "typeform/distilbert-base-uncased-mnli";
    public const string CrossEncoder = "cross-encoder/ms-marco-MiniLM-L6-v2";

    public const string NextSentence = "tests/next-sentence";
    public const string MultipleChoice = "tests/multiple-choice";

    private static readonly string[] Letters = [.. Enumerable.Range('a', 26).Select(letter => $"{(char)letter}")];

    private static readonly string[] Tokens =
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", ",", "?", "!", "he", "she", "paris", "a", "man", "is", "eat", "##ing", "food", "the",
        .. Letters.Except(["a"]), .. Letters.Select(letter => $"##{letter}"),
    ];

    private static readonly BertConfig Config = new()
    {
        VocabSize = Tokens.Length,
        HiddenSize = 32,
        NumHiddenLayers = 2,
        NumAttentionHeads = 2,
        IntermediateSize = 64,
        MaxPositionEmbeddings = 128,
        InitializerRange = 0.3,
    };

    /// <summary>Saves them into a cache of the Hub.</summary>
    public static void Save(string cache)
    {
        Save(cache, MaskedLM, BertForMaskedLM.Create(Config, seed: 1));
        Save(cache, Classifier, BertForSequenceClassification.Create(Config with { Id2Label = ["negative", "positive"] }, seed: 2));
        Save(cache, Nli, BertForSequenceClassification.Create(Config with { Id2Label = ["ENTAILMENT", "NEUTRAL", "CONTRADICTION"] }, seed: 3));
        Save(cache, CrossEncoder, BertForSequenceClassification.Create(Config with { Id2Label = ["LABEL_0"] }, seed: 4));
        Save(cache, NextSentence, BertForNextSentencePrediction.Create(Config, seed: 5));
        Save(cache, MultipleChoice, BertForMultipleChoice.Create(Config, seed: 6));
    }

    /// <summary>Saves an adapter of the masked language model.</summary>
    public static void SaveAdapter(string cache, string folder)
    {
        using BertForMaskedLM model = BertForMaskedLM.Load(FolderIn(cache, MaskedLM));
        LoraAdapter.Create(new LoraConfig { Rank = 2, TargetModules = ["query", "value"] }, model.Config, HeadKind.MaskedLM, model.Parameters, seed: 1).Save(folder);
    }

    /// <summary>The folder of a model, for the library.</summary>
    public static string Folder(string name) => FolderIn(Workplace.Cache, name);

    private static void Save(string cache, string name, PreTrainedModel model)
    {
        using (model)
        {
            model.Save(FolderIn(cache, name));
        }

        BertTokenizer.FromVocabulary(Tokens).Save(FolderIn(cache, name));
    }

    private static string FolderIn(string cache, string name) =>
        Path.Combine(cache, "models--" + name.Replace("/", "--", StringComparison.Ordinal), "snapshots", "c0");
}
