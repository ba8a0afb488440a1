namespace BertSharp.Tests;

/// <summary>
/// A golden case as text: token i of the vocabulary is written <c>t007</c>, nothing is added around a text, and the second
/// half of a sequence (token type 1) is the second text of a pair. So the texts become exactly the case's ids and types.
/// </summary>
internal sealed class GoldenText : IDisposable
{
    private readonly ModelCopy _copy;
    private readonly GoldenCase _golden;

    /// <summary>The case's model with such a tokenizer, in which the token of id <paramref name="mask"/> is the mask.</summary>
    public GoldenText(GoldenCase golden, int mask = 3)
    {
        _golden = golden;
        _copy = new ModelCopy(golden.Folder);
        int vocabulary = BertConfig.Load(golden.Folder).VocabSize;
        TokenizerOptions options = new() { UnkToken = Token(0), ClsToken = Token(1), SepToken = Token(2), MaskToken = Token(mask) };
        TokenizerDefinition definition = TokenizerDefinition.FromVocabulary("golden", [.. Enumerable.Range(0, vocabulary).Select(Token)], options);
        new BertTokenizer(definition with { Single = null, Pair = null }).Save(_copy.Folder);
    }

    public string Folder => _copy.Folder;

    public int Count => _golden.Sequences;

    public static string Token(int id) => $"t{id:000}";

    /// <summary>The ids of a sequence without padding.</summary>
    public int[] Ids(int sequence) => [.. Places(sequence).Select(at => _golden.Ids[at])];

    /// <summary>A sequence as one text.</summary>
    public string Text(int sequence) => Join(Places(sequence));

    /// <summary>A sequence as a pair: token type 0, token type 1.</summary>
    public (string First, string Second) Pair(int sequence) =>
        (Join(Places(sequence).Where(at => _golden.Types[at] == 0)), Join(Places(sequence).Where(at => _golden.Types[at] == 1)));

    public void Dispose() => _copy.Dispose();

    private string Join(IEnumerable<int> places) => string.Join(' ', places.Select(at => Token(_golden.Ids[at])));

    private IEnumerable<int> Places(int sequence) =>
        Enumerable.Range(sequence * _golden.Length, _golden.Length).Where(at => _golden.Mask[at] != 0);
}
