using System.Globalization;

namespace BertSharp.Tests;

/// <summary>Documents of made-up sentences: numbers, of one or two pieces each.</summary>
internal static class RandomDocuments
{
    /// <summary>A tokenizer whose words are the numbers below 1000, one or two pieces each: 7 and 12 are one, 123 is 12 ##3.</summary>
    public static BertTokenizer Tokenizer { get; } = BertTokenizer.FromVocabulary(
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "word",
        .. Enumerable.Range(0, 100).Select(number => number.ToString(CultureInfo.InvariantCulture)),
        .. Enumerable.Range(0, 10).Select(digit => $"##{digit}"),
    ]);

    /// <summary>Sentences of 1 to <paramref name="longest"/> words, an empty line between documents.</summary>
    public static string Text(int documents, int sentences, int longest, int seed = 1)
    {
        Random random = new(seed);
        return string.Join("\n\n", Enumerable.Range(0, documents).Select(_ => string.Join('\n', Enumerable.Range(0, sentences)
            .Select(_ => string.Join(' ', Enumerable.Range(0, 1 + random.Next(longest)).Select(_ => random.Next(1000).ToString(CultureInfo.InvariantCulture)))))));
    }

    /// <summary>Writes a text and makes a store of it; gives the store's folder.</summary>
    public static string Store(CheckpointFiles files, string text, ExampleOptions options, string name = "store")
    {
        string path = files.Path(name + ".txt"), folder = files.Path(name);
        File.WriteAllText(path, text);
        PretrainingExamples.Write([path], Tokenizer, folder, options);
        return folder;
    }
}
