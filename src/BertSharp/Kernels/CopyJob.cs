namespace BertSharp;

/// <summary>Copies one half of a buffer far larger than the caches over the other; each thread has its share.</summary>
internal sealed unsafe class CopyJob : TeamJob, IDisposable
{
    private const int Half = 32 << 20;

    private readonly AlignedBuffer _memory = new(2L * Half);

    /// <summary>Bytes that a run reads and writes.</summary>
    public static long Bytes => 2L * Half * sizeof(float);

    /// <inheritdoc/>
    public override void Run(Team team)
    {
        (int first, int count) = team.Share(Half);
        new Span<float>(_memory.Pointer + first, count).CopyTo(new Span<float>(_memory.Pointer + Half + first, count));
    }

    /// <summary>Writes every page once: memory that was never written is not there yet.</summary>
    public void Touch() => new Span<float>(_memory.Pointer, 2 * Half).Clear();

    public void Dispose() => _memory.Dispose();
}
