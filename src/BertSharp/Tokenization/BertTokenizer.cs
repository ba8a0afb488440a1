namespace BertSharp;

/// <summary>
/// BERT's tokenizer: text → <see cref="TokenBatch"/> and back, with exactly the ids and offsets of Hugging Face's
/// <c>tokenizers</c>. Usable as soon as it exists, immutable, and safe to use from many threads at once.
/// </summary>
/// <remarks>
/// Text is UTF-16; a lone surrogate is read as U+FFFD, so it is removed where text is cleaned.
/// A file's own truncation and padding are kept for saving but not applied: what a caller asks for counts.
/// </remarks>
public sealed partial class BertTokenizer
{
    private readonly TokenizerDefinition _definition;
    private readonly Vocabulary _vocabulary;
    private readonly SequenceEncoder _sequences;
    private readonly WordPieceDecoder _decoder;
    private readonly HashSet<int> _special;

    internal BertTokenizer(TokenizerDefinition definition)
    {
        TokenizerOptions options = definition.Options;
        _definition = TokenizerValidation.Check(definition);
        IReadOnlyList<string> further = TokenizerValidation.TokensBeyondVocabulary(definition);
        var pieces = new Vocabulary(definition.Tokens, options.ContinuingSubwordPrefix);
        _vocabulary = further.Count == 0 ? pieces : new Vocabulary([.. definition.Tokens, .. further], options.ContinuingSubwordPrefix);
        _special = [.. options.AddedTokens.Where(token => token.Special).Select(token => token.Id)];
        _decoder = new WordPieceDecoder(options.ContinuingSubwordPrefix);
        UnkId = IdOf(options.UnkToken)!.Value;
        PadId = IdOf(options.PadToken) ?? -1;
        ClsId = IdOf(options.ClsToken) ?? -1;
        SepId = IdOf(options.SepToken) ?? -1;
        MaskId = IdOf(options.MaskToken) ?? -1;
        var normalizer = new BertNormalizer(
            options.CleanText, options.HandleChineseChars, options.StripAccents ?? options.Lowercase, options.Lowercase);
        var encoder = new TextEncoder(normalizer, options.PreTokenizer, new WordPiece(pieces, UnkId, options.MaxInputCharsPerWord), options.AddedTokens);
        _sequences = new SequenceEncoder(encoder, definition.Single ?? Template.Bare(pair: false), definition.Pair ?? Template.Bare(pair: true));
    }

    /// <summary>How text is treated.</summary>
    public TokenizerOptions Options => _definition.Options;

    /// <summary>V, the number of ids, added tokens included.</summary>
    public int VocabSize => _vocabulary.Count;

    /// <summary>The id of [PAD]; -1 where the vocabulary lacks it.</summary>
    public int PadId { get; }

    /// <summary>The id of [UNK].</summary>
    public int UnkId { get; }

    /// <summary>The id of [CLS]; -1 where the vocabulary lacks it.</summary>
    public int ClsId { get; }

    /// <summary>The id of [SEP]; -1 where the vocabulary lacks it.</summary>
    public int SepId { get; }

    /// <summary>The id of [MASK]; -1 where the vocabulary lacks it.</summary>
    public int MaskId { get; }

    /// <summary>The longest sequence that the model takes, where <c>tokenizer_config.json</c> names a sane one.</summary>
    public int? ModelMaxLength => _definition.Options.ModelMaxLength;

    /// <summary>A tokenizer from the files of a model.</summary>
    /// <param name="folder">
    /// A folder with <c>tokenizer.json</c>, or with <c>vocab.txt</c> (and <c>tokenizer_config.json</c>,
    /// <c>special_tokens_map.json</c>, <c>added_tokens.json</c>); or the path of one of the first two files.
    /// </param>
    /// <exception cref="TokenizerException">A file is missing, malformed, or of a kind that is not BERT's; names file and field.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static BertTokenizer Load(string folder) => new(TokenizerFolder.Read(folder));

    /// <summary>A tokenizer from the tokens of a vocabulary, by id.</summary>
    /// <exception cref="TokenizerException">A token that is needed is missing, or the options do not fit.</exception>
    public static BertTokenizer FromVocabulary(IReadOnlyList<string> tokens, TokenizerOptions? options = null) =>
        new(TokenizerDefinition.FromVocabulary("vocabulary", tokens, options ?? new TokenizerOptions()));

    /// <summary>
    /// Writes <c>tokenizer.json</c>, <c>vocab.txt</c>, <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c>
    /// as transformers loads them.
    /// </summary>
    public void Save(string folder) => TokenizerFolder.Write(_definition, folder);

    /// <summary>The token of an id.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is negative or not below <see cref="VocabSize"/>.</exception>
    public string TokenOf(int id) => (uint)id < (uint)VocabSize
        ? _vocabulary[id]
        : throw new ArgumentOutOfRangeException(nameof(id), id, $"The vocabulary has the ids 0 to {VocabSize - 1}.");

    /// <summary>The id of a token, exactly as it stands in the vocabulary (<c>##ing</c>); null where it is not in it.</summary>
    public int? IdOf(string token) => _vocabulary.Pieces.Find(token) is >= 0 and int id ? id : null;

    /// <summary>Whether the token is special: decoding can leave it out.</summary>
    public bool IsSpecial(int id) => _special.Contains(id);

    /// <summary>The text of tokens: pieces joined, words set off by spaces. Ids beyond the vocabulary are left out.</summary>
    /// <param name="ids">Token ids.</param>
    /// <param name="skipSpecialTokens">Whether [CLS], [SEP] and the like are left out.</param>
    /// <param name="cleanUp">Whether spaces before punctuation are removed, as the reference's decoder does it token by token.</param>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true, bool cleanUp = true) => _decoder.Decode(
        ids.ToArray().Where(id => (uint)id < (uint)VocabSize && !(skipSpecialTokens && IsSpecial(id))).Select(TokenOf),
        cleanUp);

    /// <summary>The text of tokens, special ones too, tidied where the tokenizer's file says so (transformers' <c>convert_tokens_to_string</c>).</summary>
    internal string Join(IEnumerable<string> tokens) => _decoder.Decode(tokens, _definition.CleanUp);
}
