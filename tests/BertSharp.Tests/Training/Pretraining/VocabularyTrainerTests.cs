namespace BertSharp.Tests;

/// <summary>The trainer against a twin that counts all pairs anew for each merge; its promises on texts of every kind.</summary>
public sealed class VocabularyTrainerTests
{
    private static readonly string[] Special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_vocabulary_is_that_of_the_slow_twin(int seed)
    {
        using CheckpointFiles files = new();
        Random random = new(seed);
        string[] words = [.. Enumerable.Range(0, 300).Select(_ => new string([.. Enumerable.Range(0, 1 + random.Next(9)).Select(_ => (char)('a' + random.Next(1 + seed)))]))];
        File.WriteAllText(files.Path("x.txt"), string.Join(' ', words));
        string[] trained = Train(new VocabularyOptions { Size = 120 }, files.Path("x.txt"));
        Assert.Equal(Twin(words, 120), trained);
    }

    [Fact]
    public void The_order_of_files_does_not_show()
    {
        using CheckpointFiles files = new();
        for (int file = 0; file < 4; file++)
        {
            Random random = new(file);
            File.WriteAllLines(files.Path($"{file}.txt"), Enumerable.Range(0, 3000).Select(_ => string.Join(' ', Enumerable.Range(0, 30).Select(_ => Word(random)))));
        }

        string[] paths = [.. Enumerable.Range(0, 4).Select(file => files.Path($"{file}.txt"))];
        string[] first = Train(new VocabularyOptions { Size = 900 }, paths);
        Assert.Equal(900, first.Length);
        Assert.Equal(Special, first[..5]);
        Assert.Equal(first, Train(new VocabularyOptions { Size = 900 }, [.. paths.Reverse()]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Its_own_text_has_no_unknown_word(bool lowercase)
    {
        using CheckpointFiles files = new();
        Random random = new(5);
        string[] lines = [.. Enumerable.Range(0, 200).Select(_ => TinyVocabulary.RandomText(random, 8).Replace("[", "", StringComparison.Ordinal))];
        File.WriteAllBytes(files.Path("x.txt"), System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        (BertTokenizer tokenizer, int omitted) = VocabularyTrainer.Train([files.Path("x.txt")], new VocabularyOptions { Size = 20_000, Lowercase = lowercase, AlphabetLimit = 10_000 });
        Assert.Equal(0, omitted);
        Assert.All(File.ReadLines(files.Path("x.txt")), line => Assert.DoesNotContain(tokenizer.UnkId, tokenizer.Encode(line).InputIds.ToArray()));
    }

    [Fact]
    public void The_rarest_characters_beyond_the_limit_are_left_out()
    {
        using CheckpointFiles files = new();
        File.WriteAllText(files.Path("x.txt"), "aaa bb bb c! c d");
        (BertTokenizer tokenizer, int omitted) = VocabularyTrainer.Train([files.Path("x.txt")], new VocabularyOptions { Size = 100, AlphabetLimit = 4 });
        Assert.Equal(1, omitted);
        Assert.Equal([.. Special, "!", "a", "b", "c", "##a", "##b", "##c", "bb"], Tokens(tokenizer)[..13]);
        Assert.Null(tokenizer.IdOf("d"));
    }

    [Fact]
    public void The_folder_it_saves_loads_again()
    {
        using CheckpointFiles files = new();
        File.WriteAllText(files.Path("x.txt"), "Über Über über uber");
        VocabularyTrainer.Train([files.Path("x.txt")], new VocabularyOptions { Lowercase = false }).Tokenizer.Save(files.Path("v"));
        BertTokenizer loaded = BertTokenizer.Load(files.Path("v"));
        Assert.False(loaded.Options.Lowercase);
        Assert.Equal([.. Special, "b", "e", "r", "u", "Ü"], Tokens(loaded)[..10]);
        Assert.NotNull(loaded.IdOf("Über"));
    }

    [Fact]
    public void What_gives_no_vocabulary_is_refused()
    {
        using CheckpointFiles files = new();
        File.WriteAllText(files.Path("x.txt"), " \n\n");
        Assert.Contains("found no words", Assert.ThrowsAny<DataFileException>(() => Train(new VocabularyOptions(), files.Path("x.txt"))).Message, StringComparison.Ordinal);
        File.WriteAllText(files.Path("x.txt"), "abc");
        Assert.Contains("alone are 11", Assert.Throws<ArgumentException>(() => Train(new VocabularyOptions { Size = 10 }, files.Path("x.txt"))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Train(new VocabularyOptions()));
        Assert.ThrowsAny<IOException>(() => Train(new VocabularyOptions(), files.Path("none.txt")));
    }

    [Fact]
    public void The_novels_take_at_most_1_2_pieces_a_word_at_10240_and_have_no_unknown_word()
    {
        string[] novels = Directory.GetFiles(SharedData.Require("data", "corpus", "100_english_novels"), "*.txt");
        (BertTokenizer tokenizer, int omitted) = VocabularyTrainer.Train(novels, new VocabularyOptions { Size = 10_240 });
        Assert.Equal((10_240, 0), (tokenizer.VocabSize, omitted));
        long words = 0, pieces = 0;
        foreach (string[] lines in novels.SelectMany(novel => TextLines.Read(novel)).Chunk(20_000))
        {
            TokenBatch batch = tokenizer.Encode(lines, new EncodeOptions { AddSpecialTokens = false });
            Assert.Equal(-1, batch.InputIds.IndexOf(tokenizer.UnkId));
            pieces += batch.InputIds.Length;
            foreach (int id in batch.InputIds)
            {
                words += tokenizer.TokenOf(id).StartsWith("##", StringComparison.Ordinal) ? 0 : 1;
            }
        }

        Assert.InRange(pieces / (double)words, 1, 1.2);
    }

    private static string[] Train(VocabularyOptions options, params string[] files) => Tokens(VocabularyTrainer.Train(files, options).Tokenizer);

    private static string[] Tokens(BertTokenizer tokenizer) => [.. Enumerable.Range(0, tokenizer.VocabSize).Select(tokenizer.TokenOf)];

    private static string Word(Random random) => new([.. Enumerable.Range(0, 1 + random.Next(6)).Select(_ => "etaoinshrdlu"[(int)(12 * random.NextDouble() * random.NextDouble())])]);

    /// <summary>Counts every pair anew, merges the commonest, oldest pieces first.</summary>
    private static string[] Twin(string[] words, int size)
    {
        string[] letters = [.. words.SelectMany(word => word).Distinct().Order().Select(letter => letter.ToString())];
        List<string> vocabulary = [.. Special, .. letters, .. letters.Select(letter => "##" + letter)];
        List<string>[] spelled = [.. words.Select(word => word.Select((letter, i) => i == 0 ? $"{letter}" : $"##{letter}").ToList())];
        while (vocabulary.Count < size)
        {
            var best = spelled.SelectMany(word => word.Zip(word.Skip(1))).GroupBy(pair => pair).Where(group => group.Count() >= 2)
                .OrderByDescending(group => group.Count()).ThenBy(group => vocabulary.IndexOf(group.Key.First)).ThenBy(group => vocabulary.IndexOf(group.Key.Second)).FirstOrDefault();
            if (best is null)
            {
                break;
            }

            string merged = best.Key.First + best.Key.Second[2..];
            if (!vocabulary.Contains(merged))
            {
                vocabulary.Add(merged);
            }

            foreach (List<string> word in spelled)
            {
                for (int i = 0; i + 1 < word.Count; i++)
                {
                    if ((word[i], word[i + 1]) == best.Key)
                    {
                        word[i] = merged;
                        word.RemoveAt(i + 1);
                    }
                }
            }
        }

        return [.. vocabulary];
    }
}
