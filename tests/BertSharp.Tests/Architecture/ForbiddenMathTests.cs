using System.Text.RegularExpressions;

namespace BertSharp.Tests;

/// <summary>What differs by platform or width, or needs ICU, is nowhere in what computes values or reads text.</summary>
public sealed partial class ForbiddenMathTests
{
    [Theory]
    [InlineData("Kernels")]
    [InlineData("Layers")]
    [InlineData("Training/EmbeddingLosses")]
    [InlineData("Training/Engine")]
    [InlineData("Training/Lora")]
    [InlineData("Training/Optimizers")]
    [InlineData("Training/Schedules")]
    public void Values_come_from_correctly_rounded_operations_alone(string folder) =>
        Assert.Empty(Found(folder, Inexact()));

    [Fact]
    public void Text_is_read_with_the_tables_of_this_library_alone()
    {
        Assert.SkipUnless(SourceFiles.All.Any(file => file.Folder == "Tokenization"), "There is no Tokenization yet.");
        Assert.Empty(Found("Tokenization", Unicode()));
    }

    [Theory]
    [InlineData("float y = MathF.Exp(x);")]
    [InlineData("Math.Pow(x, 2)")]
    [InlineData("Math.Tanh (x)")]
    [InlineData("Vector512.Exp(v)")]
    [InlineData("Vector256.Sum(v)")]
    [InlineData("Vector.Exp(v)")]
    [InlineData("Vector128.ReciprocalSqrtEstimate(v)")]
    [InlineData("Vector512.MultiplyAddEstimate(a, b, c)")]
    [InlineData("Avx512F.Reciprocal14(v)")]
    [InlineData("Sse.ReciprocalSqrt(v)")]
    [InlineData("float.Exp(x)")]
    [InlineData("float.ReciprocalEstimate(x)")]
    [InlineData("TensorPrimitives.SoftMax(x, y)")]
    public void The_pattern_finds_inexact_operations(string code) => Assert.Matches(Inexact(), code);

    [Theory]
    [InlineData("Math.Max(1, 2)")]
    [InlineData("float.Sqrt(x)")]
    [InlineData("Elementary.Exp<L, V>(x)")]
    [InlineData("PartialSums.Sum<L, V>(x, n)")]
    [InlineData("Vector512.FusedMultiplyAdd(a, b, c)")]
    public void The_pattern_leaves_exact_operations_alone(string code) => Assert.DoesNotMatch(Inexact(), code);

    [Theory]
    [InlineData("char.IsLetter(c)")]
    [InlineData("Rune.IsWhiteSpace(r)")]
    [InlineData("text.Normalize(NormalizationForm.FormD)")]
    [InlineData("text.Normalize()")]
    [InlineData("text.ToLower()")]
    [InlineData("text.ToLowerInvariant()")]
    [InlineData("CharUnicodeInfo.GetUnicodeCategory(c)")]
    public void The_pattern_finds_what_needs_the_runtimes_tables(string code) => Assert.Matches(Unicode(), code);

    // A loss is a report in float64: it reaches no activation and no weight.
    private static IEnumerable<string> Found(string folder, Regex pattern) =>
        SourceFiles.All.Where(file => file.Path.StartsWith(folder + "/", StringComparison.Ordinal) && file.Path != "Layers/Losses.cs").SelectMany(file => pattern.Matches(file.Code).Select(match => $"{file.Path}: {match.Value}"));

    [GeneratedRegex(@"\bMathF\s*\.|\bTensorPrimitives\b|\b\w+\s*\.\s*\w*(?:Estimate|Reciprocal(?:Sqrt)?(?:14|28)?(?:Scalar)?)\s*\(|\b(?:Math|float|double|Vector(?:64|128|256|512)?)\s*\.\s*(?:Exp\w*|Log\w*|Pow|Sin\w*|Cos\w*|Tan\w*|Asin\w*|Acos\w*|Atan\w*|Cbrt|Hypot\w*|RootN|Sum)\s*[(<]")]
    private static partial Regex Inexact();

    // char.IsBetween, IsAscii… and the surrogate tests read no table.
    [GeneratedRegex(@"\b(?:char|Char|Rune)\s*\.\s*(?:Is(?!Between|Ascii|\w*Surrogate|Valid|Bmp)|ToLower|ToUpper|GetUnicodeCategory)\w*|\.\s*(?:Normalize|IsNormalized)\s*\((?:\s*\)|\s*NormalizationForm)|\.\s*To(?:Lower|Upper)(?:Invariant)?\s*\(\s*(?:\)|CultureInfo)|\bCharUnicodeInfo\b")]
    private static partial Regex Unicode();
}
