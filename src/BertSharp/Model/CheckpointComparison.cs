namespace BertSharp;

/// <summary>Expected parameters against a checkpoint's headers; no data is read.</summary>
public static class CheckpointComparison
{
    /// <summary>All differences: first of the expected parameters, in the model's order, then of what else the file holds.</summary>
    public static IReadOnlyList<CheckpointFinding> Compare(IReadOnlyList<ParameterInfo> expected, Checkpoint checkpoint)
    {
        HashSet<string> names = [.. expected.Select(parameter => parameter.Name)];
        return [.. expected.SelectMany(parameter => CompareOne(parameter, checkpoint)),
            .. checkpoint.Tensors.SelectMany(tensor => FindOther(tensor, names, checkpoint))];
    }

    /// <summary>Throws where a parameter is missing, or has another shape or a type that cannot be read as float32.</summary>
    /// <exception cref="CheckpointException">Names the first such parameter and how many there are.</exception>
    public static void Require(IReadOnlyList<ParameterInfo> expected, Checkpoint checkpoint)
    {
        List<CheckpointFinding> errors = [.. expected.SelectMany(parameter => CompareOne(parameter, checkpoint)).Where(finding => finding.IsError)];
        if (errors.Count > 0)
        {
            string more = errors.Count > 1 ? $" ({errors.Count - 1} further parameters do not fit either)" : "";
            throw new CheckpointException(checkpoint.Path, $"expected {errors[0].Expected}, found {errors[0].Found}{more}. config.json and weights do not belong together, or the head is another: see `bert params`", errors[0].StoredName ?? errors[0].Name);
        }
    }

    private static IEnumerable<CheckpointFinding> CompareOne(ParameterInfo parameter, Checkpoint checkpoint)
    {
        if (!checkpoint.TryFind(parameter.Name, out TensorInfo tensor))
        {
            yield return new(FindingKind.Missing, parameter.Name, null, parameter.ShapeText, "nothing");
            yield break;
        }

        if (!tensor.Shape.AsSpan().SequenceEqual(parameter.Shape.AsSpan()))
        {
            yield return new(FindingKind.WrongShape, parameter.Name, tensor.Name, parameter.ShapeText, tensor.ShapeText);
        }

        if (!tensor.IsReadable)
        {
            yield return new(FindingKind.WrongType, parameter.Name, tensor.Name, Expected(tensor), Found(tensor, checkpoint));
        }
    }

    private static string Expected(TensorInfo tensor) => tensor is { DataType: TensorType.Int8, Shape: [long rows, _] }
        ? $"I8 with its scales {tensor.Name}{Int8Tensors.ScaleSuffix}, F32 [{rows}]"
        : "F32, F16, BF16 or F64";

    private static string Found(TensorInfo tensor, Checkpoint checkpoint)
    {
        TensorInfo? scale = tensor.DataType == TensorType.Int8 ? checkpoint.Tensors.FirstOrDefault(other => other.Name == tensor.Name + Int8Tensors.ScaleSuffix) : null;
        return scale is null ? tensor.DataType.SafetensorsName() : $"I8 with {scale.DataType.SafetensorsName()} {scale.ShapeText}";
    }

    private static IEnumerable<CheckpointFinding> FindOther(TensorInfo tensor, HashSet<string> expected, Checkpoint checkpoint)
    {
        if (tensor.IsScale)
        {
            yield break;
        }

        bool second = checkpoint.TryFind(tensor.CanonicalName, out TensorInfo first) && first != tensor;
        if (tensor.IsBuffer)
        {
            yield return new(FindingKind.Buffer, tensor.CanonicalName, tensor.Name, "nothing", tensor.ShapeText);
        }
        else if (second || (ParameterNames.IsAlias(tensor.Name) && !expected.Contains(tensor.CanonicalName)))
        {
            string other = second ? first.Name : "the word embeddings";
            yield return new(FindingKind.Tied, tensor.CanonicalName, tensor.Name, $"the same as {other}", tensor.ShapeText);
        }
        else if (!expected.Contains(tensor.CanonicalName))
        {
            yield return new(FindingKind.Unexpected, tensor.CanonicalName, tensor.Name, "nothing", tensor.ShapeText);
        }
        else if (ParameterNames.IsLegacy(tensor.Name))
        {
            yield return new(FindingKind.Legacy, tensor.CanonicalName, tensor.Name, "weight or bias", tensor.Name[(tensor.Name.LastIndexOf('.') + 1)..]);
        }
    }
}
