using System.CommandLine;
using System.Text.Json;
using BertSharp.Cli.Input;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Commands;

/// <summary><c>bert tokenize</c>: text or pairs into tokens, ids, types and offsets; and ids back into text.</summary>
internal sealed class TokenizeCommand
{
    private const int BatchSize = 512;

    private readonly Option<string> _model = CommonOptions.Model();
    private readonly Option<string?> _pair = new("--pair") { Description = "The second text of a pair with each text argument.", HelpName = "TEXT" };
    private readonly Option<int?> _maxLength = CommonOptions.Number("--max-length", "The most tokens of a sequence, special ones included; no limit by default.", 1);
    private readonly Option<int?> _stride = CommonOptions.Number("--stride", "With --max-length: go on in further sequences that repeat N tokens of the one before.", 0);
    private readonly Option<bool> _bare = new("--no-special-tokens") { Description = "Leave out [CLS] and [SEP]." };
    private readonly Option<bool> _offsets = new("--offsets") { Description = "As text: one token a line with its id, type, and start and end in the text, in UTF-16 units." };
    private readonly Option<string?> _decode = new("--decode") { Description = "The other way: ids, with commas or spaces between, into text.", HelpName = "IDS" };
    private readonly Option<string> _format = CommonOptions.TextFormat();
    private readonly Option<string?> _output = CommonOptions.Output();
    private readonly InputOptions _input;
    private readonly CommandContext _context;

    private TokenizeCommand(Command command, CommandContext context)
    {
        _context = context;
        _input = new InputOptions(command, InputFields.TextOrPair);
        foreach (Option option in (Option[])[_model, _pair, _maxLength, _stride, _bare, _offsets, _decode, _format, _output])
        {
            command.Options.Add(option);
        }

        command.SetAction(Run);
    }

    public static Command Create(CommandContext context)
    {
        Command command = new("tokenize", "Tokenize texts, or pairs of them, exactly as the model's tokenizer does.");
        _ = new TokenizeCommand(command, context);
        return HelpWithExamples.Add(
            command,
            "bert tokenize -m bert-base-uncased \"unaffable\"",
            "bert tokenize -m bert-base-uncased --offsets \"Who was Jim Henson?\" --pair \"A puppeteer.\"",
            "bert tokenize -m bert-base-uncased --input texts.jsonl --max-length 16 --stride 4 --format jsonl",
            "bert tokenize -m bert-base-uncased --decode \"101 14477 20961 3468 102\"",
            "echo \"Hello there.\" | bert tokenize -m bert-base-uncased --format json");
    }

    private int Run(ParseResult parsed)
    {
        EncodeOptions options = new()
        {
            MaxLength = parsed.GetValue(_maxLength),
            Stride = parsed.GetValue(_stride),
            AddSpecialTokens = !parsed.GetValue(_bare),
            Offsets = true,
        };
        if (options is { Stride: not null, MaxLength: null })
        {
            throw CliException.Usage("--stride needs --max-length.");
        }

        BertTokenizer tokenizer = Load(parsed.GetValue(_model)!);
        using ResultWriter results = _context.OpenResults(parsed.GetValue(_output), parsed.GetValue(_format)!);
        if (parsed.GetValue(_decode) is { } ids)
        {
            Decode(tokenizer, ids, parsed.GetValue(_bare), results);
            return ExitCode.Success;
        }

        using TextSource source = _input.Open(parsed, parsed.GetValue(_pair));
        TruncationWarning cut = new(options.MaxLength, "raise --max-length, or keep the rest with --stride");
        ConsoleProgress.Run("tokenizing", "texts", parsed.GetValue(_output) is null && !Console.IsOutputRedirected, report =>
        {
            long done = 0;
            foreach (List<InputRecord> batch in ReadAhead.Batches(source, BatchSize, _context.Cancellation))
            {
                batch.ForEach(record => Encode(tokenizer, record, options, parsed.GetValue(_offsets), results, cut));
                results.Flush();
                report(done += batch.Count, source.ShareAt(batch[^1]));
            }
        });
        cut.Say();
        return ExitCode.Success;
    }

    /// <summary>Loads a tokenizer: a file, a folder, or a model of the cache.</summary>
    private static BertTokenizer Load(string model) => BertTokenizer.Load(File.Exists(model) ? model : ModelFolder.Resolve(model));

    private static void Decode(BertTokenizer tokenizer, string text, bool skipSpecialTokens, ResultWriter results)
    {
        string[] parts = text.Split([',', ' ', '[', ']', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);
        int[] ids = [.. parts.Select(part => int.TryParse(part, out int id) && (uint)id < (uint)tokenizer.VocabSize
            ? id
            : throw CliException.Usage($"--decode: '{part}' is not an id of this vocabulary; expected whole numbers from 0 to {tokenizer.VocabSize - 1}."))];
        string decoded = tokenizer.Decode(ids, skipSpecialTokens);
        if (results.IsJson)
        {
            results.WriteObject(json => json.WriteString("text", decoded));
        }
        else
        {
            results.WriteLine(decoded);
        }
    }

    private static void Encode(BertTokenizer tokenizer, InputRecord record, EncodeOptions options, bool offsets, ResultWriter results, TruncationWarning cut)
    {
        TokenBatch batch = record.Pair is { } pair ? tokenizer.Encode(record.Text, pair, options) : tokenizer.Encode(record.Text, options);
        for (int sequence = 0; sequence < batch.Count; sequence++)
        {
            int index = sequence;
            bool truncated = batch.Truncated(index);
            cut.Count(truncated && index == 0, record);
            if (results.IsJson)
            {
                results.WriteObject(json => WriteJson(json, tokenizer, batch, index));
            }
            else
            {
                WriteText(results, tokenizer, batch, index, offsets);
            }
        }
    }

    private static void WriteText(ResultWriter results, BertTokenizer tokenizer, TokenBatch batch, int sequence, bool offsets)
    {
        ReadOnlySpan<TokenOffset> places = batch.CharOffsets(sequence);
        string[] tokens = new string[places.Length];
        for (int i = 0; i < tokens.Length; i++)
        {
            int at = batch.SequenceOffsets[sequence] + i;
            tokens[i] = tokenizer.TokenOf(batch.InputIds[at]);
            if (offsets)
            {
                results.WriteLine($"{tokens[i]}\t{batch.InputIds[at]}\t{batch.TokenTypeIds[at]}\t{places[i].Start}\t{places[i].End}");
            }
        }

        results.WriteLine(offsets ? "" : string.Join(' ', tokens));
    }

    private static void WriteJson(Utf8JsonWriter json, BertTokenizer tokenizer, TokenBatch batch, int sequence)
    {
        int start = batch.SequenceOffsets[sequence];
        ReadOnlySpan<int> ids = batch.InputIds.Slice(start, batch.Length(sequence));
        json.WriteStartArray("tokens");
        foreach (int id in ids)
        {
            json.WriteStringValue(tokenizer.TokenOf(id));
        }

        json.WriteEndArray();
        json.WriteArray("ids", ids);
        json.WriteArray("type_ids", batch.TokenTypeIds.Slice(start, ids.Length));
        json.WriteStartArray("offsets");
        foreach (TokenOffset place in batch.CharOffsets(sequence))
        {
            json.WriteStartArray();
            json.WriteNumberValue(place.Start);
            json.WriteNumberValue(place.End);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        if (batch.Truncated(sequence))
        {
            json.WriteBoolean("truncated", true);
        }
    }
}
