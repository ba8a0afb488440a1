using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace BertSharp;

/// <summary>
/// <c>log.jsonl</c>: one line a step and one a validation, with what is reproducible alone, so that two runs can be compared
/// byte by byte; doubles are written so that they read back the same. Each line is one write: nothing waits in a buffer.
/// </summary>
internal sealed class RunLog : IDisposable
{
    private readonly FileStream _stream;
    private readonly ArrayBufferWriter<byte> _line = new();

    /// <summary>Opens a log to go on at a length; what is behind it was written by steps that are done again.</summary>
    /// <exception cref="CheckpointException">It is shorter.</exception>
    public RunLog(string file, long length)
    {
        _stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        if (_stream.CanSeek && _stream.Length != length)
        {
            long found = _stream.Length;
            if (found < length)
            {
                _stream.Dispose();
                throw new CheckpointException(file, $"expected at least the {length} bytes that were there at the checkpoint, found {found}; put the old file back, or give another folder");
            }

            _stream.SetLength(length);
        }

        Length = length;
        _stream.Position = length;
    }

    /// <summary>Length in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>A step: its number from 1, loss and terms, learning rate, norm of the gradient before clipping, tokens.</summary>
    public void AppendStep(long step, StepLoss loss, double learningRate, double gradientNorm) => Append(json =>
    {
        json.WriteNumber("step", step);
        json.WriteNumber("loss", loss.Loss);
        foreach ((string name, double value) in loss.Parts)
        {
            json.WriteNumber(name, value);
        }

        json.WriteNumber("learning_rate", learningRate);
        json.WriteNumber("gradient_norm", gradientNorm);
        json.WriteNumber("tokens", loss.Tokens);
    });

    /// <summary>A validation after a step; figures that are no numbers are null.</summary>
    public void AppendValidation(long step, Validation validation) => Append(json =>
    {
        json.WriteNumber("step", step);
        json.WriteString("metric", validation.Metric);
        json.WriteStartObject("validation");
        foreach ((string name, double value) in validation.Figures)
        {
            if (double.IsFinite(value))
            {
                json.WriteNumber(name, value);
            }
            else
            {
                json.WriteNull(name);
            }
        }

        json.WriteEndObject();
    });

    /// <summary>Writes through to the disk.</summary>
    public void Flush() => _stream.Flush(flushToDisk: true);

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private void Append(Action<Utf8JsonWriter> fill)
    {
        _line.ResetWrittenCount();
        using (Utf8JsonWriter json = new(_line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            fill(json);
            json.WriteEndObject();
        }

        _line.Write("\n"u8);
        _stream.Write(_line.WrittenSpan);
        Length += _line.WrittenCount;
    }
}
