namespace BertSharp;

/// <summary>One tensor of two checkpoints side by side: what <c>bert diff A B</c> prints.</summary>
/// <param name="Name">The canonical name.</param>
/// <param name="A">The tensor in the first checkpoint; null where it lacks it.</param>
/// <param name="B">The tensor in the second checkpoint; null where it lacks it.</param>
/// <param name="Difference">The distance of the values; null where one is missing, the shapes differ, or the values cannot be read as numbers. An int8 weight is compared by its values times their scales.</param>
public sealed record CheckpointDiff(string Name, TensorInfo? A, TensorInfo? B, TensorDifference? Difference)
{
    /// <summary>Whether both have the tensor with the same shape, type and values.</summary>
    public bool IsIdentical => Difference is { IsIdentical: true } && SameType;

    /// <summary>Whether both have the tensor with the same shape.</summary>
    public bool SameShape => A is not null && B is not null && A.Shape.AsSpan().SequenceEqual(B.Shape.AsSpan());

    /// <summary>Whether both have the tensor with the same stored type.</summary>
    public bool SameType => A is not null && B is not null && A.DataType == B.DataType;

    /// <summary>Compares parameter by parameter, matched by canonical name, in the order of A and then of what only B has; buffers are left out, scales are part of their weight.</summary>
    public static IEnumerable<CheckpointDiff> Compare(Checkpoint a, Checkpoint b, CancellationToken cancellation = default)
    {
        foreach (TensorInfo inA in Parameters(a))
        {
            TensorInfo? inB = b.TryFind(inA.CanonicalName, out TensorInfo found) ? found : null;
            CheckpointDiff pair = new(inA.CanonicalName, inA, inB, null);
            yield return pair.SameShape && inA.IsReadable && inB!.IsReadable
                ? pair with { Difference = TensorDifference.Of(a, inA, b, inB, cancellation) }
                : pair;
        }

        foreach (TensorInfo inB in Parameters(b).Where(tensor => !a.TryFind(tensor.CanonicalName, out _)))
        {
            yield return new CheckpointDiff(inB.CanonicalName, null, inB, null);
        }
    }

    // A second name of the same tensor is not compared twice; scales have no name of a parameter.
    private static IEnumerable<TensorInfo> Parameters(Checkpoint checkpoint) =>
        checkpoint.Tensors.Where(tensor => checkpoint.TryFind(tensor.CanonicalName, out TensorInfo first) && first == tensor);
}
