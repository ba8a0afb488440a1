using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BertSharp;

/// <summary>The one place that picks the vector width. Every width gives the same bits; only the speed differs.</summary>
internal static class Simd
{
    /// <summary>
    /// Width in bits: 512, 256, 128, or 32 for the scalar lane. The widest with hardware FMA, unless the environment
    /// variable <c>BERTSHARP_SIMD</c> names another. Tests set it; a width wider than the machine's is refused.
    /// </summary>
    public static int Width
    {
        get;
        set => field = value is 32 or 128 or 256 or 512 && value <= Widest
            ? value
            : throw new PlatformNotSupportedException($"Vector width {value} cannot be used here: expected 32, 128, 256 or 512, at most {Widest} on this machine.");
    }

    = FromEnvironment();

    /// <summary>
    /// Whether products of whole numbers use AVX-VNNI: where the machine has it and the width is at least 256, unless the
    /// environment variable <c>BERTSHARP_VNNI</c> is 0. Tests set it; it stays false where it cannot be used.
    /// </summary>
    public static bool UsesVnni
    {
        get => field && Width >= 256;
        set => field = value && AvxVnni.IsSupported;
    }

    = AvxVnni.IsSupported && Environment.GetEnvironmentVariable("BERTSHARP_VNNI") != "0";

    /// <summary>The widest vectors that this machine runs in hardware, in bits.</summary>
    public static int Widest =>
        Vector512.IsHardwareAccelerated && Avx512F.IsSupported ? 512
        : Vector256.IsHardwareAccelerated && Fma.IsSupported ? 256
        : Vector128.IsHardwareAccelerated ? 128
        : 32;

    /// <summary>Runs a kernel at the width in use.</summary>
    public static void Run<K>(in K kernel)
        where K : struct, IKernel
    {
        switch (Width)
        {
            case 512: kernel.Run<Lane512, Vector512<float>>(); break;
            case 256: kernel.Run<Lane256, Vector256<float>>(); break;
            case 128: kernel.Run<Lane128, Vector128<float>>(); break;
            default: kernel.Run<LaneScalar, float>(); break;
        }
    }

    private static int FromEnvironment() => Environment.GetEnvironmentVariable("BERTSHARP_SIMD") switch
    {
        null or "" => Widest,
        string text when int.TryParse(text, out int width) && width is 32 or 128 or 256 or 512 && width <= Widest => width,
        string text => throw new PlatformNotSupportedException($"BERTSHARP_SIMD is '{text}': expected 32, 128, 256 or 512, at most {Widest} on this machine."),
    };
}
