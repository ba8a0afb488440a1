using System.Text;
using System.Text.Json;
using BertSharp.Cli.Input;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Tests.Input;

/// <summary>The readers of lines, JSONL, CSV and TSV: what was written is read back, and damaged files give clear errors alone.</summary>
public sealed class InputFuzzTests
{
    private static readonly string[] Formats = [InputFormat.Lines, InputFormat.Jsonl, InputFormat.Csv, InputFormat.Tsv];

    private static readonly InputColumns Columns = new("text", "text_pair", null);

    [Fact]
    public void Every_text_that_is_written_is_read_back()
    {
        Random random = new(7);
        string[][] rows = [.. Enumerable.Range(0, 500).Select(_ => (string[])[Text(random), Text(random)])];
        string[] csv = [TextTable.CsvLine(["text", "text_pair"]), .. rows.Select(TextTable.CsvLine)];
        Assert.Equal(rows, Read(InputFormat.Csv, string.Join('\n', csv)).Select(record => (string[])[record.Text, record.Pair!]));
        string jsonl = string.Join('\n', rows.Select(row => JsonSerializer.Serialize(new Dictionary<string, string> { ["text_pair"] = row[1], ["text"] = row[0] })));
        Assert.Equal(rows, Read(InputFormat.Jsonl, jsonl).Select(record => (string[])[record.Text, record.Pair!]));
    }

    [Fact]
    public void Damaged_files_give_clear_errors_and_nothing_else() => Damage(seed: 11, files: 20_000);

    [Fact]
    [Trait("suite", "long")]
    public void A_million_damaged_files_give_clear_errors_and_nothing_else() => Damage(seed: 12, files: 1_000_000);

    private static void Damage(int seed, int files)
    {
        Random random = new(seed);
        int read = 0, refused = 0;
        for (int i = 0; i < files; i++)
        {
            byte[] bytes = Damaged(random);
            foreach (string format in Formats)
            {
                (int records, int errors) = Walk(bytes, format, $"seed {seed}, file {i}, {format}");
                read += records;
                refused += errors;
            }
        }

        Assert.True(read > files && refused > files, $"{read} records were read and {refused} refused: the files are too good or too bad to test with.");
    }

    /// <summary>Reads all that can be read of a file; each error names the file, and the reader goes on behind it.</summary>
    private static (int Records, int Errors) Walk(byte[] bytes, string format, string which)
    {
        using TextSource source = TextSource.OfStream(new MemoryStream(bytes), "fuzz", format, Columns);
        int records = 0, errors = 0;
        while (true)
        {
            try
            {
                foreach (InputRecord record in source.Records)
                {
                    Assert.StartsWith("fuzz:", record.Place, StringComparison.Ordinal);
                    records++;
                }

                return (records, errors);
            }
            catch (BadRecordException error)
            {
                Assert.Matches("^fuzz:[0-9]+: ", error.Message);
                Assert.True(++errors <= bytes.Length + 1, $"{which}: the reader does not get on");
            }
            catch (Exception error) when (error is CliException or DataFileException)
            {
                Assert.StartsWith("fuzz:", error.Message, StringComparison.Ordinal);
                return (records, errors + 1);
            }
            catch (Exception error) when (error is not Xunit.Sdk.IAssertionException)
            {
                Assert.Fail($"{which}: {error}\n{Convert.ToBase64String(bytes)}");
            }
        }
    }

    /// <summary>A good file of some kind in which up to four places are changed, put in, cut out or repeated.</summary>
    private static byte[] Damaged(Random random)
    {
        StringBuilder good = new();
        bool json = random.Next(2) == 0;
        good.Append(json ? "" : random.Next(2) == 0 ? "text,text_pair\n" : "text\ttext_pair\n");
        for (int line = random.Next(1, 5); line > 0; line--)
        {
            good.Append(json ? $"{{\"text\": {JsonSerializer.Serialize(Text(random))}, \"text_pair\": null}}" : TextTable.CsvLine([Text(random), Text(random)])).Append(random.Next(3) == 0 ? "\r\n" : "\n");
        }

        List<byte> bytes = [.. Encoding.UTF8.GetBytes(good.ToString())];
        for (int change = random.Next(5); change > 0 && bytes.Count > 0; change--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.Insert(at, (byte)"\"\n\\{}[],\t\r\0\u00FF"[random.Next(12)]); break;
                case 2: bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at)); break;
                default: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at))); break;
            }
        }

        return [.. bytes];
    }

    private static string Text(Random random)
    {
        const string parts = "ab \"\"',,;\t\\é狗";
        StringBuilder text = new();
        for (int length = random.Next(12); length > 0; length--)
        {
            text.Append(random.Next(12) == 0 ? "🐕" : random.Next(12) == 0 ? "\n" : parts[random.Next(parts.Length)].ToString());
        }

        return text.ToString() + ".";
    }

    private static IEnumerable<InputRecord> Read(string format, string text)
    {
        using TextSource source = TextSource.OfStream(new MemoryStream(Encoding.UTF8.GetBytes(text)), "fuzz", format, Columns);
        return [.. source.Records];
    }
}
