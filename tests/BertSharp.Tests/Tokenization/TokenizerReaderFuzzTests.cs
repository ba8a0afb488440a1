using System.Text;

namespace BertSharp.Tests;

/// <summary>
/// Hostile files: every truncation and every single-byte change of small files, and random mixtures of changes. The outcome is a
/// <see cref="TokenizerException"/> or a tokenizer that works, with memory in proportion to the file.
/// </summary>
public sealed class TokenizerReaderFuzzTests(ITestOutputHelper output)
{
    private const int ShortCount = 3_000;
    private const int LongCount = 1_000_000;
    private const int Seed = 19480703;

    private static readonly string[] s_tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "un", "##able", "é", "北", "a", "##b"];

    private static readonly byte[] s_vocabulary = Encoding.UTF8.GetBytes(string.Join('\n', s_tokens) + "\n");

    private static readonly byte[] s_json = Encoding.UTF8.GetBytes("""
        {"version":"1.0","truncation":{"max_length":8},"padding":null,"added_tokens":[{"id":1,"content":"[UNK]","special":true,"normalized":false},
        {"id":12,"content":"\ud83d\ude00","single_word":true,"lstrip":true,"rstrip":false,"normalized":true,"special":false}],
        "normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true},
        "pre_tokenizer":{"type":"BertPreTokenizer"},"post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[CLS]","type_id":0}},
        {"Sequence":{"id":"A","type_id":0}}],"pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],
        "special_tokens":{"[CLS]":{"id":"[CLS]","ids":[2],"tokens":["[CLS]"]}}},"decoder":{"type":"WordPiece","prefix":"##","cleanup":true},
        "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,
        "vocab":{"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"un":4,"##able":5,"a":6,"##b":7,"\u00e9":8,"x":9,"y":10,"z":11}}}
        """);

    private static readonly byte[] s_config = Encoding.UTF8.GetBytes("""
        {"do_lower_case":false,"strip_accents":null,"tokenize_chinese_chars":true,"unk_token":"[UNK]","cls_token":{"content":"[CLS]","lstrip":true},
        "added_tokens_decoder":{"11":{"content":"<x>","special":true,"normalized":false}},"additional_special_tokens":["<x>","<y>"],"model_max_length":512}
        """);

    public static TheoryData<string> Files => ["vocab.txt", "tokenizer.json", "tokenizer_config.json"];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_truncation_is_refused_or_valid(string file)
    {
        WarmUp(file);
        byte[] bytes = BytesOf(file);
        for (int length = 0; length <= bytes.Length; length++)
        {
            Try(file, bytes[..length]);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_change_of_a_byte_is_refused_or_valid(string file) => ChangeEveryByte(file, [0, 10, 13, 32, 34, 44, 57, 92, 125, 128, 255]);

    [Theory]
    [Trait("suite", "long")]
    [MemberData(nameof(Files))]
    public void Every_value_of_every_byte_is_refused_or_valid(string file) => ChangeEveryByte(file, [.. Enumerable.Range(0, 256).Select(value => (byte)value)]);

    [Theory]
    [MemberData(nameof(Files))]
    public void Random_changes_are_refused_or_valid(string file) => ChangeAtRandom(file, ShortCount);

    [Theory]
    [Trait("suite", "long")]
    [MemberData(nameof(Files))]
    public void A_million_random_changes_are_refused_or_valid(string file) => ChangeAtRandom(file, LongCount);

    private void ChangeEveryByte(string file, byte[] values)
    {
        WarmUp(file);
        byte[] bytes = [.. BytesOf(file)];
        int valid = 0;
        for (int at = 0; at < bytes.Length; at++)
        {
            byte before = bytes[at];
            foreach (byte value in values)
            {
                bytes[at] = value;
                valid += Try(file, bytes) ? 1 : 0;
            }

            bytes[at] = before;
        }

        output.WriteLine($"{file}: {bytes.Length * values.Length} changes, {valid} valid");
    }

    private void ChangeAtRandom(string file, int count)
    {
        WarmUp(file);
        var random = new Random(Seed);
        byte[] original = BytesOf(file);
        int valid = 0;
        for (int i = 0; i < count; i++)
        {
            List<byte> bytes = [.. original];
            for (int change = random.Next(1, 5); change > 0; change--)
            {
                int at = random.Next(bytes.Count);
                int length = Math.Min(random.Next(1, 12), bytes.Count - at);
                List<byte> piece = bytes.GetRange(random.Next(bytes.Count - length + 1), length);
                switch (random.Next(4))
                {
                    case 0: bytes[at] = (byte)random.Next(256); break;
                    case 1: bytes.InsertRange(at, piece); break;
                    case 2 when length < bytes.Count: bytes.RemoveRange(at, length); break;
                    default: bytes[at] = (byte)"0123456789\"{}[],:\\untf#"[random.Next(23)]; break;
                }
            }

            valid += Try(file, [.. bytes]) ? 1 : 0;
        }

        output.WriteLine($"{file}: {count} random changes from seed {Seed}, {valid} valid");
    }

    /// <summary>The file itself must be valid. What only the first tokenizer of a process or a thread makes is made here, and counted to no file.</summary>
    private static void WarmUp(string file) => Assert.True(IsValid(file, BytesOf(file)));

    private static bool Try(string file, byte[] bytes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool valid = IsValid(file, bytes);

        // Some 40 kB are the tables and buffers of any tokenizer; an empty JSON document rents another few.
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < 200_000 + (40 * bytes.Length), $"{file}: {allocated} bytes for a file of {bytes.Length}");
        return valid;
    }

    /// <summary>Reads the bytes; true where they make a tokenizer, which then must work.</summary>
    private static bool IsValid(string file, byte[] bytes)
    {
        try
        {
            var tokenizer = new BertTokenizer(Read(file, bytes));
            TokenBatch batch = tokenizer.Encode("Unable 北é 😀 a [MASK]", new EncodeOptions { Offsets = true });
            Assert.False(batch.InputIds.ContainsAnyExceptInRange(0, tokenizer.VocabSize - 1));
            _ = tokenizer.Decode(batch.InputIds);
            return true;
        }
        catch (TokenizerException error)
        {
            Assert.StartsWith(file, error.Message, StringComparison.Ordinal);
            return false;
        }
    }

    private static TokenizerDefinition Read(string file, byte[] bytes)
    {
        if (file == "tokenizer.json")
        {
            return TokenizerJson.Read(file, bytes, new TokenizerOptions());
        }

        var config = new TokenizerConfig();
        if (file == "tokenizer_config.json")
        {
            config.Read(file, bytes);
            return TokenizerFolder.FromText(file, s_tokens, config);
        }

        return TokenizerFolder.FromText(file, VocabularyText.Read(file, bytes), config);
    }

    private static byte[] BytesOf(string file) => file switch { "vocab.txt" => s_vocabulary, "tokenizer.json" => s_json, _ => s_config };
}
