namespace BertSharp;

/// <summary>Where the gradient of a weight is added up: a matrix of any layout whose columns come in panels of 32.</summary>
/// <param name="Data">First value.</param>
/// <param name="PanelStep">Float32 values between the first values of two panels.</param>
/// <param name="Stride">Float32 values between rows of a panel.</param>
internal readonly unsafe record struct GradientTarget(nint Data, long PanelStep, int Stride)
{
    /// <summary>A row-major matrix.</summary>
    public static GradientTarget Of(Matrix matrix) => new(matrix.Data, Panels.Width, matrix.Stride);

    /// <summary>Packed panels.</summary>
    public static GradientTarget Of(Panels panels) => new(panels.Data, (long)Panels.Width * panels.Depth, Panels.Width);

    /// <summary>The first value of a row of a panel.</summary>
    public float* Panel(int panel, int row) => (float*)Data + (panel * PanelStep) + ((long)row * Stride);
}
