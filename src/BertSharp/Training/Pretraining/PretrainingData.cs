namespace BertSharp;

/// <summary>
/// The examples of a run of pretraining, masked: a mixture of stores without end. The n-th example and its mask depend on n and
/// the seed alone, so any split into batches gives the same bits, and a run goes on anywhere.
/// </summary>
internal sealed class PretrainingData : IDisposable
{
    private const ulong MaskSite = 0x6D61736B;

    private readonly IReadOnlyList<ExampleStore> _stores;
    private readonly ExampleMixture _mixture;
    private readonly TokenMasking _masking;
    private readonly ulong _seed;
    private readonly int[] _weights;

    private PretrainingData(IReadOnlyList<ExampleStore> stores, IEnumerable<int> weights, BertTokenizer tokenizer, ulong seed)
    {
        _stores = stores;
        _seed = seed;
        _weights = [.. weights];
        _mixture = new ExampleMixture(stores.Zip(_weights, (store, weight) => (store.Count, weight)), seed);
        _masking = new TokenMasking(tokenizer);
    }

    /// <summary>Examples of all stores together.</summary>
    public long Count => _stores.Sum(store => store.Count);

    /// <summary>Tokens of an example, on average over the mixture.</summary>
    public double MeanLength => _stores.Zip(_weights, (store, weight) => weight * (store.Header.Tokens / (double)store.Count)).Sum() / _weights.Sum();

    /// <summary>Whether examples are pairs with a next-sentence label.</summary>
    public bool NextSentence => _stores[0].Header.NextSentence;

    /// <summary>What stands for all examples: the hashes of the stores.</summary>
    public string Hash => string.Join(' ', _stores.Select(store => store.Hash));

    /// <summary>Opens stores.</summary>
    /// <param name="sources">The folder of each store, and its weight: 60, 25 and 15 give shares of 60 %, 25 % and 15 % of the examples.</param>
    /// <param name="tokenizer">The tokenizer that they were made with.</param>
    /// <param name="seed">Order and masks come from it.</param>
    /// <exception cref="CheckpointException">A store is damaged, of another vocabulary, or of another kind than the first.</exception>
    public static PretrainingData Open(IReadOnlyList<(string Folder, int Weight)> sources, BertTokenizer tokenizer, ulong seed)
    {
        List<ExampleStore> stores = [];
        try
        {
            string vocabulary = ExampleStoreHeader.HashOf(tokenizer);
            foreach ((string folder, _) in sources)
            {
                stores.Add(ExampleStore.Open(folder));
                Check(folder, stores[^1].Header, stores[0].Header, vocabulary);
            }

            return new PretrainingData(stores, sources.Select(source => source.Weight), tokenizer, seed);
        }
        catch
        {
            stores.ForEach(store => store.Dispose());
            throw;
        }
    }

    /// <summary>The examples of some numbers of the run.</summary>
    /// <param name="firstExample">The number of the first, from 0.</param>
    /// <param name="count">B.</param>
    /// <param name="masking">How they are masked.</param>
    /// <exception cref="CheckpointException">An example is damaged.</exception>
    public MaskedBatch Batch(long firstExample, int count, MaskingOptions masking)
    {
        masking.Check();
        PretrainingExample[] examples = new PretrainingExample[count];
        ulong[] keys = new ulong[count];
        int[] offsets = new int[count + 1];
        for (int i = 0; i < count; i++)
        {
            (int source, long pass, long example) = _mixture.Find(firstExample + i);
            examples[i] = _stores[source].Read(example);
            offsets[i + 1] = offsets[i] + examples[i].Ids.Length;
            ulong site = SplitMix64.Derive(_seed, MaskSite);
            keys[i] = masking.Duplicates is { } duplicates
                ? SplitMix64.Derive(SplitMix64.Derive(SplitMix64.Derive(site, (ulong)source + 1), (ulong)example), (ulong)(pass % duplicates))
                : SplitMix64.Derive(SplitMix64.Derive(site, 0), (ulong)(firstExample + i));
        }

        return Assemble(examples, keys, offsets, masking);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ExampleStore store in _stores)
        {
            store.Dispose();
        }
    }

    private MaskedBatch Assemble(PretrainingExample[] examples, ulong[] keys, int[] offsets, MaskingOptions masking)
    {
        MaskedBatch batch = new()
        {
            Count = examples.Length,
            InputIds = new int[offsets[^1]],
            TokenTypeIds = new int[offsets[^1]],
            Offsets = offsets,
            Labels = new int[offsets[^1]],
            NextSentence = NextSentence ? [.. examples.Select(example => example.NextSentence!.Value)] : [],
        };
        for (int i = 0; i < examples.Length; i++)
        {
            Range place = offsets[i]..offsets[i + 1];
            examples[i].Ids.CopyTo(batch.InputIds.AsSpan(place));
            batch.TokenTypeIds.AsSpan(place)[examples[i].SecondStart..].Fill(examples[i].SecondStart > 0 ? 1 : 0);
            _masking.Apply(batch.InputIds.AsSpan(place), batch.Labels.AsSpan(place), keys[i], masking);
        }

        return batch;
    }

    private static void Check(string folder, ExampleStoreHeader header, ExampleStoreHeader first, string vocabulary)
    {
        if (header.VocabularyHash != vocabulary)
        {
            throw new CheckpointException(folder, "the examples were made with another vocabulary than the model's; make them anew with bert pretrain-data");
        }

        if (header.NextSentence != first.NextSentence)
        {
            throw new CheckpointException(folder, "stores of sentence pairs and of packed sentences cannot be mixed; make one of them anew");
        }
    }
}
