using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace BertSharp;

/// <summary>Texts → a store of examples on the disk, tokenized once; masks are drawn later, when examples are read.</summary>
public static class PretrainingExamples
{
    private const int ShortestLength = 8;

    /// <summary>Whether a store holds pairs with a next-sentence label.</summary>
    /// <exception cref="CheckpointException">It is no store.</exception>
    public static bool ArePairs(string folder) => ExampleStoreHeader.Read(folder).NextSentence;

    /// <summary>Writes the store of some text files; the memory it takes does not depend on their size.</summary>
    /// <param name="files">UTF-8 text; their order is that of the examples.</param>
    /// <param name="tokenizer">The tokenizer of the model that will be trained.</param>
    /// <param name="folder">The store: a new folder, there whole or not at all.</param>
    /// <param name="options">Length, layout, pairs.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellation">Stops; nothing is left behind.</param>
    /// <returns>The number of examples.</returns>
    /// <exception cref="ArgumentException">An option or the tokenizer cannot be used, or the folder exists.</exception>
    /// <exception cref="DataFileException">A file is absent or not UTF-8, or the texts give no example; names file and line.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static long Write(
        IReadOnlyList<string> files, BertTokenizer tokenizer, string folder, ExampleOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        Check(files, tokenizer, folder, options);
        string path = Path.GetFullPath(folder);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        long examples = 0;
        AtomicFolder.Create(path, beside =>
        {
            using ExampleStoreWriter writer = new(beside, tokenizer, options.NextSentence);
            double size = Math.Max(1, files.Sum(file => new FileInfo(file).Length)), read = 0;
            var sentences = TokenizedSentences.Read(TextSentences.Read(files, options.Layout, bytes => progress?.Report(Math.Min(1, (read += bytes) / size))), tokenizer, cancellation);
            if (options.NextSentence)
            {
                WritePairs(sentences, tokenizer, Path.Combine(beside, "sentences"), options, writer, cancellation);
            }
            else
            {
                AddAll(new PackedSentences(options, tokenizer.ClsId, tokenizer.SepId).Of(sentences), writer, cancellation);
            }

            examples = writer.Count > 0 ? writer.Count : throw new DataFileException($"{files[0]}: the texts give no example; expected sentences, {Expected(options)}");
            writer.Complete(Origin(files, options));
        });
        return examples;
    }

    /// <summary>Random documents are drawn from all of the text: its sentences are kept in a store of their own meanwhile.</summary>
    private static void WritePairs(
        IEnumerable<(int[] Ids, bool BeginsDocument)> sentences, BertTokenizer tokenizer, string folder, ExampleOptions options, ExampleStoreWriter writer, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        List<long> documents = [];
        using (ExampleStoreWriter kept = new(folder, tokenizer, nextSentence: false))
        {
            foreach ((int[] ids, bool begins) in sentences)
            {
                if (begins)
                {
                    documents.Add(kept.Count);
                }

                kept.Add(new PretrainingExample(ids));
            }

            documents.Add(kept.Count);
            kept.Complete([]);
        }

        if (documents.Count < 3)
        {
            throw new DataFileException($"Pairs need at least two documents, found {documents.Count - 1}; {Expected(options)}.");
        }

        using (ExampleStore store = ExampleStore.Open(folder))
        {
            AddAll(new SentencePairs(options, store, documents, tokenizer.ClsId, tokenizer.SepId).Draw(), writer, cancellation);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static void AddAll(IEnumerable<PretrainingExample> examples, ExampleStoreWriter writer, CancellationToken cancellation)
    {
        foreach (PretrainingExample example in examples)
        {
            cancellation.ThrowIfCancellationRequested();
            writer.Add(example);
        }
    }

    private static string Expected(ExampleOptions options) => options.Layout == TextLayout.Prose
        ? "with at least two empty lines between the documents of a file"
        : "one a line, with an empty line between documents";

    private static JsonObject Origin(IReadOnlyList<string> files, ExampleOptions options) => new()
    {
        ["length"] = options.Length,
        ["layout"] = options.Layout == TextLayout.Prose ? "prose" : "sentences",
        ["next_sentence"] = options.NextSentence,
        ["short_share"] = options.ShortShare,
        ["duplicates"] = options.Duplicates,
        ["seed"] = options.Seed,
        ["files"] = new JsonArray([.. files.Select(file => new JsonObject { ["name"] = Path.GetFileName(file), ["bytes"] = new FileInfo(file).Length, ["sha256"] = HashOf(file) })]),
    };

    private static string HashOf(string file)
    {
        using FileStream stream = File.OpenRead(file);
        return ExampleStoreHeader.Hex(SHA256.HashData(stream));
    }

    private static void Check(IReadOnlyList<string> files, BertTokenizer tokenizer, string folder, ExampleOptions options)
    {
        if (files.Count == 0)
        {
            throw new ArgumentException("There are no text files to make examples of.", nameof(files));
        }

        if (options.Length is < ShortestLength or > ushort.MaxValue || options.ShortShare is not (>= 0 and <= 1) || options.Duplicates < 1)
        {
            throw new ArgumentException($"Examples have {ShortestLength} to {ushort.MaxValue} tokens, a share of short ones from 0 to 1, and at least one pass; found {options.Length}, {options.ShortShare} and {options.Duplicates}.", nameof(options));
        }

        if (options is { Duplicates: > 1, NextSentence: false })
        {
            throw new ArgumentException("Only pairs are drawn anew in further passes; packed sentences would be the same, and their masks are drawn when they are read.", nameof(options));
        }

        if (tokenizer.ClsId < 0 || tokenizer.SepId < 0 || tokenizer.MaskId < 0)
        {
            throw new ArgumentException("The tokenizer lacks [CLS], [SEP] or [MASK], which pretraining needs.", nameof(tokenizer));
        }

        if (Directory.Exists(folder) || File.Exists(folder))
        {
            throw new ArgumentException($"{folder} exists already; delete it, or give the store another name.", nameof(folder));
        }
    }
}
