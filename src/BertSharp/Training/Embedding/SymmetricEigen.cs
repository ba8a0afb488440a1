namespace BertSharp;

/// <summary>
/// The eigenvectors of a symmetric matrix by Jacobi's rotations, each of which makes one pair of values zero, until all are
/// (Golub, Van Loan, Matrix Computations, section 8.5). In double, from correctly rounded operations alone: the same on every
/// machine.
/// </summary>
internal static class SymmetricEigen
{
    private const int MostSweeps = 60;

    /// <summary>Decomposes a matrix.</summary>
    /// <param name="matrix">[n][n]; overwritten.</param>
    /// <returns>Eigenvalues, the largest first, and [n][n] unit eigenvectors as rows.</returns>
    public static (double[] Values, double[][] Vectors) Decompose(double[][] matrix)
    {
        int n = matrix.Length;
        double[][] vectors = [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Select(j => i == j ? 1.0 : 0).ToArray())];
        double limit = 1e-28 * matrix.Sum(row => row.Sum(value => value * value));
        for (int sweep = 0; sweep < MostSweeps && OffDiagonal(matrix) > limit; sweep++)
        {
            for (int p = 0; p < n - 1; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    Rotate(matrix, vectors, p, q);
                }
            }
        }

        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => matrix[i][i])];
        return ([.. order.Select(i => matrix[i][i])], [.. order.Select(i => vectors[i])]);
    }

    private static double OffDiagonal(double[][] matrix)
    {
        double sum = 0;
        for (int row = 0; row < matrix.Length; row++)
        {
            for (int column = 0; column < row; column++)
            {
                sum += 2 * matrix[row][column] * matrix[row][column];
            }
        }

        return sum;
    }

    /// <summary>The rotation in the plane of p and q after which their common value is zero: the smaller of the two angles.</summary>
    private static void Rotate(double[][] matrix, double[][] vectors, int p, int q)
    {
        double common = matrix[p][q];
        if (common == 0)
        {
            return;
        }

        double slope = (matrix[q][q] - matrix[p][p]) / (2 * common);
        double tangent = (slope < 0 ? -1 : 1) / (Math.Abs(slope) + Math.Sqrt((slope * slope) + 1));
        double cosine = 1 / Math.Sqrt((tangent * tangent) + 1), sine = tangent * cosine;
        RotateRows(matrix[p], matrix[q], cosine, sine);
        foreach (double[] row in matrix)
        {
            (row[p], row[q]) = ((cosine * row[p]) - (sine * row[q]), (sine * row[p]) + (cosine * row[q]));
        }

        (matrix[p][q], matrix[q][p]) = (0, 0);
        RotateRows(vectors[p], vectors[q], cosine, sine);
    }

    private static void RotateRows(double[] p, double[] q, double cosine, double sine)
    {
        for (int i = 0; i < p.Length; i++)
        {
            (p[i], q[i]) = ((cosine * p[i]) - (sine * q[i]), (sine * p[i]) + (cosine * q[i]));
        }
    }
}
