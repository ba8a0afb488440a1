namespace BertSharp;

/// <summary>
/// Trains a WordPiece vocabulary: [PAD] [UNK] [CLS] [SEP] [MASK], then the alphabet, then the pieces that
/// <see cref="PieceMerges"/> makes of it, the most frequent first. Every character stands in the alphabet as <c>x</c> and, unless
/// it is always a word of its own (punctuation, Chinese), as <c>##x</c>: the text that it was trained on has no [UNK].
/// The same texts give the same vocabulary, whatever their order and the number of threads.
/// </summary>
public static class VocabularyTrainer
{
    /// <summary>What marks a piece that continues a word.</summary>
    internal const string Prefix = "##";

    /// <summary>The counting of words and the merging take about as long.</summary>
    private const double CountingShare = 0.5;

    /// <summary>Trains a tokenizer on UTF-8 text files; <see cref="BertTokenizer.Save"/> writes it.</summary>
    /// <param name="files">The texts; line ends part words, nothing else.</param>
    /// <param name="options">Size and casing.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellation">Stops the training.</param>
    /// <returns>The tokenizer, and the characters that <see cref="VocabularyOptions.AlphabetLimit"/> left out.</returns>
    /// <exception cref="ArgumentException">There are no files, or the size is too small for the alphabet.</exception>
    /// <exception cref="DataFileException">A file is not UTF-8, or holds no words; names file and line.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static (BertTokenizer Tokenizer, int OmittedCharacters) Train(
        IReadOnlyList<string> files, VocabularyOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        if (files.Count == 0)
        {
            throw new ArgumentException("There are no text files to train a vocabulary on.", nameof(files));
        }

        TokenizerOptions steps = new() { Lowercase = options.Lowercase };
        BertNormalizer normalizer = new(steps.CleanText, steps.HandleChineseChars, options.Lowercase, options.Lowercase);
        Dictionary<string, long> counts = WordCounts.Of(files, normalizer, steps.MaxInputCharsPerWord, Part(progress, 0, CountingShare), cancellation);
        List<KeyValuePair<string, long>> words = [.. counts.OrderBy(word => word.Key, StringComparer.Ordinal)];
        List<string> characters = Alphabet(words, options.AlphabetLimit, out int omitted);
        List<string> pieces = [steps.PadToken, steps.UnkToken, steps.ClsToken, steps.SepToken, steps.MaskToken, .. characters, .. Continuing(characters, normalizer)];
        if (characters.Count == 0 || pieces.Count > options.Size)
        {
            throw characters.Count == 0
                ? new DataFileException($"{files[0]}: expected text, found no words{(files.Count > 1 ? $"; nor in {files.Count - 1} further files" : "")}")
                : new ArgumentException($"A vocabulary of {options.Size} tokens is too small: the special tokens and the alphabet of the text alone are {pieces.Count}; raise the size or lower the limit of the alphabet.", nameof(options));
        }

        PieceMerges merges = new(Spelled(words, pieces), pieces);
        merges.Run(options.Size, options.MinimumFrequency, Part(progress, CountingShare, 1), cancellation);
        return (BertTokenizer.FromVocabulary(pieces, steps), omitted);
    }

    /// <summary>The most frequent characters, in ordinal order.</summary>
    private static List<string> Alphabet(List<KeyValuePair<string, long>> words, int limit, out int omitted)
    {
        Dictionary<string, long> counts = [];
        foreach ((string word, long count) in words)
        {
            foreach (string character in Characters(word))
            {
                counts[character] = counts.GetValueOrDefault(character) + count;
            }
        }

        omitted = Math.Max(0, counts.Count - limit);
        IEnumerable<string> kept = counts.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal).Take(limit).Select(entry => entry.Key);
        return [.. kept.Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Continuing(List<string> characters, BertNormalizer normalizer) => characters
        .Where(text => (UnicodeTables.Flags(char.ConvertToUtf32(text, 0)) & UnicodeTables.Punctuation) == 0 && !normalizer.Isolates(text[0]))
        .Select(text => Prefix + text);

    /// <summary>Words as numbers of their characters' pieces; those with a character that is not in the alphabet are left out.</summary>
    private static IEnumerable<(int[] Pieces, long Count)> Spelled(List<KeyValuePair<string, long>> words, List<string> pieces)
    {
        Dictionary<string, int> ids = [];
        foreach (string piece in pieces)
        {
            ids[piece] = ids.Count;
        }

        foreach ((string word, long count) in words)
        {
            int[] spelled = [.. Characters(word).Select((character, i) => ids.GetValueOrDefault(i == 0 ? character : Prefix + character, -1))];
            if (!spelled.Contains(-1))
            {
                yield return (spelled, count);
            }
        }
    }

    private static IEnumerable<string> Characters(string word)
    {
        for (int at = 0; at < word.Length;)
        {
            UnicodeTables.CodePointAt(word, at, out int units);
            yield return word.Substring(at, units);
            at += units;
        }
    }

    private static Progress? Part(IProgress<double>? progress, double from, double to) => progress is null ? null : new Progress(progress, from, to);

    private sealed class Progress(IProgress<double> whole, double from, double to) : IProgress<double>
    {
        public void Report(double value) => whole.Report(from + (value * (to - from)));
    }
}
